import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import type { PvInput } from "../config/input-pv.ts";
import type { Target } from "../ir/target.ts";
import { placedSystem, twoDomains } from "../testing/system.ts";
import { pvScript } from "./pv-script.ts";

const template = readFileSync(fileURLToPath(new URL("../../templates/pv.sh.hbs", import.meta.url)), "utf8");
const end = { kernel: "Image", memory: MiB(64), enhanced: true };

/** The script, and its lines that attach. */
async function scriptOf(
  pv: readonly PvInput<"io" | "app">[],
  target: Target = { hypervisor: "xen", version: "4.21" },
): Promise<{ readonly text: string; readonly attaches: readonly string[] }> {
  const serves = target.hypervisor === "core" ? {} : { capabilities: ["xenstore" as const] };
  const domains = { io: { ...end, ...serves }, app: end };
  const placed = await placedSystem({ board: twoDomains.board, domains, pv }, target);
  const [artifact] = pvScript(placed, template);
  const text = Buffer.concat((artifact?.pieces ?? []).filter((piece) => piece instanceof Uint8Array)).toString();
  return { text, attaches: text.split("\n").filter((line) => /^(net|block) /.test(line)) };
}

const net = { kind: "net", backend: "io", frontend: "app" } as const;
const block = { kind: "block", backend: "app", frontend: "io" } as const;
const mac = "00:16:3e:00:00:01";

describe("the script for upstream's toolstack", () => {
  it("attaches each device to its frontend, by the domains' numbers", async () => {
    const { attaches } = await scriptOf([
      { ...net, mac, bridge: "br0" },
      { ...block, device: "254:16", mode: "r" },
    ]);
    expect(attaches).toEqual([
      `net 2 1 ${mac} bridge=br0`,
      // Hexadecimal for the backend's kernel, decimal for udev.
      "block 1 2 51712 fe:10 format=raw,vdev=xvda,access=ro,backend=2,target=/dev/block/254:16",
    ]);
  });

  it("lets an interface without a bridge join none", async () => {
    expect((await scriptOf([{ ...net, mac }])).attaches).toEqual([`net 2 1 ${mac} script=/bin/true`]);
  });

  it("gives paths as they are, as one word of the shell, and no numbers for them", async () => {
    const { attaches } = await scriptOf([{ ...block, device: "/srv/it's, a b.img", name: "xvdc" }]);
    expect(attaches).toEqual([
      String.raw`block 1 2 51744 '' 'format=raw,vdev=xvdc,access=rw,backend=2,target=/srv/it'\''s, a b.img'`,
    ]);
  });

  it("is not there without links, or for the core", async () => {
    expect((await scriptOf([])).text).toBe("");
    expect((await scriptOf([net], { hypervisor: "core" })).text).toBe("");
  });
});
