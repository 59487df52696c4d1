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

/** The lines of the script that are no comment, from the first that attaches on. */
async function attached(pv: readonly PvInput<"io" | "app">[], target: Target = { hypervisor: "xen", version: "4.21" }) {
  const domains = { io: { ...end, capabilities: ["xenstore" as const] }, app: end };
  const placed = await placedSystem({ board: twoDomains.board, domains, pv }, target);
  const [artifact] = pvScript(placed, template);
  const text = Buffer.concat((artifact?.pieces ?? []).filter((piece) => piece instanceof Uint8Array)).toString();
  expect(text.includes("\ninit-dom0less\n")).toBe(artifact !== undefined);
  return text.split("\n").filter((line) => line.startsWith("xl "));
}

const net = { kind: "net", backend: "io", frontend: "app" } as const;
const block = { kind: "block", backend: "app", frontend: "io" } as const;

describe("the script for upstream's toolstack", () => {
  it("attaches each device to its frontend, by the domains' numbers", async () => {
    expect(
      await attached([
        { ...net, mac: "00:16:3e:00:00:01", bridge: "br0" },
        { ...block, device: "254:16", mode: "r" },
      ]),
    ).toEqual([
      "xl network-attach 2 mac=00:16:3e:00:00:01,bridge=br0,backend=1",
      "xl block-attach 1 format=raw,vdev=xvda,access=ro,backend=2,target=/dev/block/254:16",
    ]);
  });

  it("gives paths as they are, as one word of the shell", async () => {
    expect(await attached([{ ...block, device: "/srv/it's, a b.img", name: "xvdc" }])).toEqual([
      String.raw`xl block-attach 1 'format=raw,vdev=xvdc,access=rw,backend=2,target=/srv/it'\''s, a b.img'`,
    ]);
  });

  it("is not there without links", async () => {
    expect(await attached([])).toEqual([]);
  });
});
