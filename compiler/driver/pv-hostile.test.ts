import { expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { GiB, MiB } from "../base/units.ts";
import type { Target } from "../ir/target.ts";
import { files, tableHost } from "../testing/system.ts";
import { check } from "./compile.ts";

const end = { kernel: "Image", memory: MiB(16), enhanced: true };
const ends = { backend: "a", frontend: "b" };
const net = { kind: "net", ...ends };
const disk = { kind: "block", ...ends };
const disks = (count: number) => Array.from({ length: count }, (_, index) => ({ ...disk, device: `254:${index}` }));

/** Codes and places of what is wrong with links between two domains. */
async function wrong(pv: unknown, target: Target = { hypervisor: "xen", version: "4.21" }): Promise<readonly string[]> {
  const serves = target.hypervisor === "core" ? {} : { capabilities: ["xenstore"] };
  const value = {
    board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(1) }),
    domains: { a: { ...end, ...serves }, b: end },
    pv,
  };
  const { diagnostics } = await check(tableHost(files), {
    config: { file: "board.ts", text: "", value },
    name: "board",
    target,
    version: "0",
    hypervisor: { path: "core.img", name: "core.img" },
  });
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, primary }) => `${code} ${(primary?.path ?? []).join(".")}`);
}

it("refuses more disks of one domain than disks have names", async () => {
  expect(await wrong(disks(702))).toEqual([]);
  expect(await wrong(disks(703))).toEqual(["XI4952 pv.702"]);
});

it("refuses bridges that no interface can be called, or that say more to xl than a name", async () => {
  const names = ["br0,script=/x", "br0,backend=0", "a".repeat(16), "", "..", "a/b", "a b", "\ud800", "br\n0"];
  expect(await wrong(names.map((bridge) => ({ ...net, bridge })))).toEqual(
    names.map((name, index) => `${name === "br\n0" ? "XI1009" : "XI1001"} pv.${index}.bridge`),
  );
  expect(await wrong([{ ...net, bridge: "br-lan.2" }])).toEqual([]);
});

it("knows a device by its numbers, however they are written", async () => {
  const twice = [
    { ...disk, device: "254:0" },
    { ...disk, device: "0254:00" },
  ];
  expect(await wrong(twice)).toEqual(["XI4924 pv.1.device"]);
});

it("refuses addresses that are nobody's", async () => {
  expect(await wrong([{ ...net, mac: "00:00:00:00:00:00" }])).toEqual(["XI1022 pv.0.mac"]);
});

it("refuses paths that the core's store has no room for, by their bytes", async () => {
  const paths = [`/${"x".repeat(255)}`, `/${"x".repeat(256)}`, `/${"é".repeat(127)}x`, `/${"é".repeat(128)}`];
  const links = paths.map((device) => ({ ...disk, device }));
  expect(await wrong(links, { hypervisor: "core" })).toEqual(["XI4966 pv.1.device", "XI4966 pv.3.device"]);
  expect(await wrong(links)).toEqual([]);
});
