import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import type { PvInput } from "../config/input-pv.ts";
import { placedSystem, twoDomains } from "../testing/system.ts";
import { pvScript } from "./pv-script.ts";

/** A toolstack whose XenStore is a folder. As xl, it takes words that it does not know for nothing. */
const programs = {
  "init-dom0less": `for n in 1 2; do mkdir -p $STORE/local/domain/$n; echo $n >$STORE/local/domain/$n/domid; done`,
  "xenstore-list": `ls $STORE$1`,
  "xenstore-read": `cat $STORE$1`,
  "xenstore-write": `echo $2 >$STORE$1`,
  // Time passes, and is counted.
  sleep: `echo . >>$STORE/slept`,
  xl: `echo "$*" >>$STORE/xl
[ -z "$REFUSE" ] || { echo "$REFUSE" >&2; exit 1; }
frontend=$2
case $1 in
network-attach) kind=vif number=0 ;;
block-attach) kind=vbd number=51712 ;;
esac
for word in $(echo "$*" | if [ $kind = vbd ]; then tr , ' '; else cat; fi); do
  case $word in
  backend=*) backend=\${word#backend=} ;;
  mac=*) mac=\${word#mac=} ;;
  esac
done
home=/local/domain
front=$home/$frontend/device/$kind/$number back=$home/$backend/backend/$kind/$frontend/$number
mkdir -p $STORE$front $STORE$back
echo $back >$STORE$front/backend
echo $mac >$STORE$front/mac
echo "$FRONT" >$STORE$front/state
echo "$BACK" >$STORE$back/state
: >$STORE$back/hotplug-status
exit $FAILS`,
} as const;

let folder: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xenimg-pv-script-"));
  store = join(folder, "store");
  for (const name of ["bin", "store"]) mkdirSync(join(folder, name));
  for (const [name, text] of Object.entries(programs)) program(name, text);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
function program(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
}

const read = (path: string): string => readFileSync(join(store, path), "utf8").trim();
const domain = (number: number): string => `local/domain/${number}`;
const vif = { front: `${domain(2)}/device/vif/0`, back: `${domain(1)}/backend/vif/2/0` };
const vbd = { front: `${domain(2)}/device/vbd/51712`, back: `${domain(1)}/backend/vbd/2/51712` };

const mac = "00:16:3e:00:00:01";
const net = { kind: "net", backend: "io", frontend: "app", mac } as const;
const block = { kind: "block", backend: "io", frontend: "app", device: "254:16" } as const;

/** Runs the script with three seconds for waiting; both ends have these states, 4 where they are connected. */
async function run(pv: readonly PvInput<"io" | "app">[], env: Readonly<Record<string, string>> = {}) {
  const template = readFileSync(fileURLToPath(new URL("../../templates/pv.sh.hbs", import.meta.url)), "utf8");
  const end = { kernel: "Image", memory: MiB(64), enhanced: true };
  const domains = { io: { ...end, capabilities: ["xenstore" as const] }, app: end };
  const placed = await placedSystem({ board: twoDomains.board, domains, pv }, { hypervisor: "xen", version: "4.21" });
  const [artifact] = pvScript(placed, template);
  const text = Buffer.concat((artifact?.pieces ?? []).filter((piece) => piece instanceof Uint8Array)).toString();
  const { status, stdout, stderr } = spawnSync("sh", [], {
    input: text.replace("left=120", "left=3"),
    encoding: "utf8",
    env: {
      PATH: `${join(folder, "bin")}:/bin:/usr/bin`,
      STORE: store,
      FRONT: "4",
      BACK: "4",
      FAILS: "0",
      REFUSE: "",
      ...env,
    },
  });
  return { status, said: stdout.trim().split("\n"), wrong: stderr.trim().split("\n") };
}

const theNet = `net ${mac} of domain 2 with backend 1`;
const theBlock = "block 51712 of domain 2 with backend 1";

describe("the script for upstream's toolstack, run", () => {
  it("attaches each device, with what hotplug scripts would write, and waits until both ends are connected", async () => {
    expect(await run([net, block])).toEqual({
      status: 0,
      said: [`${theNet}: connected`, `${theBlock}: connected`],
      wrong: [""],
    });
    expect(read(`${vif.back}/hotplug-status`)).toBe("connected");
    expect(read(`${vbd.back}/physical-device`)).toBe("fe:10");
  });

  it("attaches nothing twice", async () => {
    const first = await run([net, block]);
    expect(read("xl").split("\n")).toHaveLength(2);
    expect(await run([net, block])).toEqual(first);
    expect(read("xl").split("\n")).toHaveLength(2);
  });

  it("goes on where xl gives up and a driver comes later", async () => {
    program("sleep", `for end in ${vif.front} ${vif.back}; do echo 4 >$STORE/$end/state; done`);
    expect(await run([net], { FRONT: "1", BACK: "1", FAILS: "1" })).toMatchObject({ status: 0 });
  });

  it.each([
    ["4", "1", net, `${theNet}: the backend did not begin: is xen-netback loaded in domain 1?`],
    ["1", "2", block, `${theBlock}: the frontend did not begin: is xen-blkfront loaded in domain 2?`],
    [
      ...["3", "2"],
      { ...block, device: "/disk.img" },
      `${theBlock}: the backend has not opened the device: is it there, and for a path, does xl devd run there?`,
    ],
    ["6", "5", net, `${theNet}: not connected: the backend is in state 5, the frontend in 6`],
  ] as const)(
    "says what is missing of a frontend in state %s and a backend in state %s",
    async (FRONT, BACK, link, line) => {
      expect(await run([link], { FRONT, BACK })).toEqual({ status: 1, said: [""], wrong: [`pv.sh: ${line}`] });
    },
  );

  it("tells of each link, in one time for all", async () => {
    const { status, wrong } = await run([net, block], { BACK: "1" });
    expect({ status, lines: wrong.length }).toEqual({ status: 1, lines: 2 });
    expect(read("slept").split("\n")).toHaveLength(3);
  });

  it("repeats what xl says where it attaches nothing", async () => {
    const { status, wrong } = await run([net], { REFUSE: "libxl: no" });
    expect({ status, wrong }).toEqual({ status: 1, wrong: [`pv.sh: ${theNet}: xl did not attach it: libxl: no`] });
  });

  it("leaves a device alone that is attached with another backend", async () => {
    mkdirSync(join(store, vif.front), { recursive: true });
    writeFileSync(join(store, vif.front, "mac"), mac);
    writeFileSync(join(store, vif.front, "backend"), "/local/domain/0/backend/vif/2/0");
    const { status, wrong } = await run([net]);
    expect(status).toBe(1);
    expect(wrong).toEqual([expect.stringContaining("attached with another backend, /local/domain/0/backend/vif/2/0")]);
  });

  it.each([
    ["no xl", "xl", undefined, "xl is not here: Xen's toolstack belongs into this domain"],
    ["no XenStore", "xenstore-list", "exit 1", "XenStore does not answer: is xenstored running?"],
    ["no domains", "init-dom0less", "true", "Xen has no domain 1 (io), or gave it no XenStore"],
    ["an init-dom0less that fails", "init-dom0less", "echo no; exit 1", "init-dom0less failed: no"],
  ])("stops where there is %s", async (_, name, text, line) => {
    if (text === undefined) rmSync(join(folder, "bin", name));
    else program(name, text);
    expect(await run([net])).toEqual({ status: 1, said: [""], wrong: [`pv.sh: ${line}`] });
  });
});
