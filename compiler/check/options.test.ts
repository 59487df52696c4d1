import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { DomainInput } from "../config/input.ts";
import type { Target } from "../ir/target.ts";
import { xenVersions } from "../ir/target.ts";
import { checkSystem } from "../testing/system.ts";

async function codes(domain: Partial<DomainInput>, target: Target, bootargs = ""): Promise<readonly string[]> {
  const { diagnostics } = await checkSystem(
    {
      board: qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" }),
      hypervisor: { bootargs },
      domains: { ui: { kernel: "Image", memory: MiB(32), ...domain } },
    },
    { target },
  );
  return diagnostics.map(({ code }) => code);
}
const core: Target = { hypervisor: "core" };
const xen = (version: (typeof xenVersions)[number]): Target => ({ hypervisor: "xen", version });
const enhanced = "no-xenstore";

describe("a property that a release of upstream Xen brought", () => {
  it.each<[string, Partial<DomainInput>, number, string, string | undefined]>([
    ["grants", { grants: { frames: 8 }, enhanced }, 1, "XI4901", "XI4903"],
    ["sve", { sve: 128 }, 1, "XI4900", "XI4902"],
    ["passthroughPolicy", { passthroughPolicy: "enabled" }, 2, "XI4901", "XI4902"],
    ["passthroughPolicy that forbids", { passthroughPolicy: "disabled" }, 2, "XI4901", "XI4903"],
    ["llcColors", { llcColors: "0-3" }, 3, "XI4900", "XI4902"],
    ["capabilities", { capabilities: ["control"] }, 4, "XI4900", "XI4902"],
    ["trapUnmappedAccesses", { trapUnmappedAccesses: false }, 4, "XI4900", "XI4902"],
    ["sci", { sci: "scmi_smc" }, 4, "XI4900", "XI4902"],
  ])("%s is told where the target does not know it", async (_name, domain, first, before, onCore) => {
    for (const [index, version] of xenVersions.entries())
      expect([version, await codes(domain, xen(version), "llc-coloring=on")]).toEqual([
        version,
        index < first ? [before] : [],
      ]);
    expect(await codes(domain, core)).toEqual([onCore]);
  });

  it("is not told of where it asks for what every target does", async () => {
    const usual = { trapUnmappedAccesses: true, capabilities: [], sve: false, sci: "none", grants: {} } as const;
    for (const target of [core, xen("4.17")]) expect(await codes({ ...usual, enhanced }, target)).toEqual([]);
  });

  it("may be a word of an older one", async () => {
    expect(await codes({ enhanced: "legacy" }, xen("4.20"))).toEqual(["XI4207", "XI4900"]);
    expect(await codes({ enhanced: "legacy" }, xen("4.21"))).toEqual(["XI4207"]);
    expect(await codes({ enhanced: "legacy", capabilities: ["xenstore"] }, xen("4.21"))).toEqual([]);
    expect(await codes({ enhanced: true, capabilities: ["xenstore"] }, xen("4.21"))).toEqual([]);
    expect(await codes({ enhanced: true, capabilities: ["xenstore"] }, xen("4.20"))).toEqual(["XI4207", "XI4900"]);
  });
});

describe("shared interrupts", () => {
  const passthrough = ["pl031@9010000"]; // SPI 2

  it("are counted by 32 on upstream Xen, and one by one on the core", async () => {
    expect(await codes({ passthrough, nrSpis: 1 }, xen("4.17"))).toEqual([]);
    expect(await codes({ passthrough, nrSpis: 2 }, core)).toEqual(["XI4904"]);
    expect(await codes({ passthrough, nrSpis: 3 }, core)).toEqual([]);
  });

  it("may be none where there is no need", async () => {
    expect(await codes({ nrSpis: 0 }, xen("4.17"))).toEqual(["XI4904"]);
    expect(await codes({ nrSpis: 0, console: "none" }, xen("4.17"))).toEqual([]);
    expect(await codes({ nrSpis: 0, passthrough }, core)).toEqual([]);
  });

  it("reach the host's UART, whose place the console of a direct-mapped domain takes", async () => {
    const memory = [{ at: 0x5000_0000, size: MiB(32) }];
    expect(await codes({ memory, directMap: true, nrSpis: 1 }, xen("4.17"))).toEqual(["XI4624"]);
    expect(await codes({ memory, directMap: true, nrSpis: 0 }, xen("4.17"))).toEqual(["XI4624", "XI4904"]);
  });
});

describe("memory for stage-2 tables", () => {
  it("is the usual amount at least, upstream", async () => {
    expect(await codes({ p2mMemory: "2MiB" }, xen("4.17"))).toEqual([]);
    expect(await codes({ p2mMemory: "1MiB" }, xen("4.17"))).toEqual(["XI4905"]);
    expect(await codes({ p2mMemory: "1MiB" }, core)).toEqual([]);
  });

  it.each([core, xen("4.17")])("counts for what must be left over, on %o", async (target) => {
    expect(await codes({ p2mMemory: "1GiB" }, target)).toEqual(["XI4311"]);
  });
});

describe("cache colours", () => {
  it.each([
    ["0", []],
    ["0,1,2", []],
    ["0-3,5,7-9", []],
    ["3-3", []],
    ["1,0", ["XI4910"]],
    ["0-3,3", ["XI4910"]],
    ["3-1", ["XI4910"]],
  ])("%s are in order, or not", async (llcColors, expected) => {
    expect(await codes({ llcColors }, xen("4.20"), "llc-coloring")).toEqual(expected);
  });
});
