import { gzipSync } from "node:zlib";
import { addNode, decode, encode, node, property, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { DomainInput, SystemInput } from "../config/input.ts";
import type { Target } from "../ir/target.ts";
import { xenVersions } from "../ir/target.ts";
import { checkSystem, files, kernelImage } from "../testing/system.ts";
import { cacheColors } from "./cache-colors.ts";

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

  it("may ask for XenStore where somebody serves it, which the help says of each target", async () => {
    const helps = async (asked: "legacy" | true, target: Target, pv: SystemInput["pv"] = []) => {
      const end = { kernel: "Image", memory: MiB(32), enhanced: asked };
      const board = qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" });
      const { diagnostics } = await checkSystem({ board, domains: { ui: end, io: end }, pv }, { target });
      return new Set(diagnostics.filter(({ code }) => code === "XI4207").map(({ help }) => help));
    };
    const pv = [{ kind: "net", backend: "io", frontend: "ui" }] as const;
    const said = [
      await helps(true, xen("4.20")),
      await helps(true, xen("4.21")),
      await helps(true, core),
      await helps("legacy", core, pv),
      await helps(true, core, pv),
    ];
    expect(said.map((helps) => [...helps])).toEqual([
      [expect.stringContaining("Xenstore support requires dom0")],
      [expect.stringContaining('capabilities: ["xenstore"]')],
      [expect.stringContaining("only where there are PV links")],
      [expect.stringContaining("enhanced: true")],
      [],
    ]);
    // With "no-xenstore" its links would be refused (XI4921).
    for (const release of ["4.20", "4.21"] as const) {
      const [help, ...others] = await helps(true, xen(release), pv);
      expect(others).toEqual([]);
      expect(help).toContain('capabilities: ["control", "xenstore"]');
      expect(help).not.toContain("no-xenstore");
    }
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

  it.each<readonly [string, readonly (string | undefined)[], readonly string[]]>([
    ["4.20", ["0-3", undefined], ["XI4122 domains.d1"]],
    ["4.20", [undefined, "0-3"], []],
    ["4.20", ["0-3", "4", undefined, undefined], ["XI4122 domains.d2", "XI4122 domains.d3"]],
    ["4.20", [undefined, undefined], []],
    ["4.21", ["0-3", undefined], []],
  ])("are handed on by %s: of %j", async (version, colors, expected) => {
    const domains = colors.map((llcColors, index) => [
      `d${index}`,
      { kernel: "Image", memory: MiB(32), ...(llcColors !== undefined && { llcColors }) },
    ]);
    const { diagnostics } = await checkSystem(
      {
        board: qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" }),
        hypervisor: { bootargs: "llc-coloring" },
        domains: Object.fromEntries(domains) as SystemInput["domains"],
      },
      { target: xen(version as (typeof xenVersions)[number]) },
    );
    expect(diagnostics.map(({ code, primary }) => `${code} ${primary?.path?.join(".") ?? ""}`)).toEqual(expected);
  });

  it.each([
    ["llc-size=1M llc-nr-ways=16", 16],
    ["llc-size=1024 llc-nr-ways=16", 16],
    ["llc-size=1G llc-nr-ways=16 llc-size=512k", 8],
    ["llc-size=16M llc-nr-ways=16", 256],
    ["llc-size=1M", undefined],
    ["llc-nr-ways=16", undefined],
    ["llc-size=768K llc-nr-ways=16", undefined],
    ["llc-size=1M llc-nr-ways=0", undefined],
    ["llc-size=0x100000 llc-nr-ways=16", undefined],
  ])("are as many as %s says", async (cache, count) => {
    const bootargs = `llc-coloring=on ${cache}`;
    expect(cacheColors(bootargs)).toBe(count);
    expect(cacheColors(`llc-coloring=off ${cache}`)).toBeUndefined();
    for (const color of [7, 8, 15, 16, 255, 256]) {
      const beyond = (await codes({ llcColors: `0,${color}` }, xen("4.20"), bootargs)).includes("XI4129");
      expect([color, beyond]).toEqual([color, count !== undefined && color >= count]);
    }
    expect(await codes({ llcColors: "256" }, core, bootargs)).toEqual(["XI4902"]);
  });

  it.each<readonly [string, readonly (readonly [colors: string, mebibytes: number])[], readonly string[]]>([
    ["1M", [["0-3", 256]], []],
    ["1M", [["0-3", 258]], ["d0"]],
    ["1M", [["0,2,5-6", 258]], ["d0"]],
    ["1M", [["0-4", 258]], []],
    ["1M", ["a", "b", "c"].map(() => ["0-3", 130] as const), ["d1"]],
    [
      "1M",
      [
        ["0-3", 130],
        ["4-7", 130],
      ],
      [],
    ],
    // Of 256 colours Xen uses 128.
    ["16M", [["0-3", 32]], []],
    ["16M", [["0-3", 34]], ["d0"]],
  ])("of a cache of %s have their part of 1 GiB: %j", async (cache, sketches, expected) => {
    const domains = sketches.map(([llcColors, size], index) => [
      `d${index}`,
      { kernel: "Image", memory: MiB(size), llcColors },
    ]);
    const { diagnostics } = await checkSystem(
      {
        board: qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" }),
        hypervisor: { bootargs: `llc-coloring llc-size=${cache} llc-nr-ways=16` },
        domains: Object.fromEntries(domains) as SystemInput["domains"],
      },
      { target: xen("4.22") },
    );
    const places = diagnostics.map(({ code, primary }) => `${code} ${primary?.path?.join(".") ?? ""}`);
    expect(places).toEqual(expected.map((name) => `XI4128 domains.${name}.memory`));
  });
});

describe("event channels", () => {
  const efi = kernelImage(4096);
  efi.set([0x4d, 0x5a]);
  const withEfi = efi.slice();
  withEfi[60] = 0x40;

  async function places(kernel: Uint8Array, wishes: Partial<DomainInput> = {}): Promise<readonly string[]> {
    const { diagnostics } = await checkSystem(
      {
        board: qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" }),
        domains: { ui: { kernel: "Linux", memory: MiB(32), ...wishes }, other: { kernel: "Image", memory: MiB(32) } },
        eventChannels: [
          { from: "ui", to: "other" },
          { from: "other", to: "ui" },
        ],
      },
      { table: { ...files, Linux: kernel } },
    );
    return diagnostics.map(({ code, primary }) => `${code} ${primary?.path?.join(".") ?? ""}`);
  }

  it("are not found by a kernel with an EFI header that is not told of Xen", async () => {
    const both = ["XI4123 eventChannels.0.from", "XI4123 eventChannels.1.to"];
    expect(await places(withEfi)).toEqual(both);
    expect(await places(gzipSync(withEfi))).toEqual(both);
    expect(await places(withEfi, { enhanced: "no-xenstore" })).toEqual([]);
  });

  it("are known to a program of its own", async () => {
    expect(await places(efi)).toEqual([]);
    expect(await places(kernelImage(4096))).toEqual([]);
  });
});

describe("a domain with all of the hardware", () => {
  const memory = [{ at: 0x6000_0000, size: MiB(32) }];
  const hardware = { memory, console: "none", capabilities: ["hardware"] } as const;

  async function withIommu(compatible: string, status: string, bootargs = ""): Promise<readonly string[]> {
    const board = qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" });
    const decoded = decode(board.deviceTree);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const iommu = node("iommu", {
      properties: [property("compatible", strings(compatible)), property("status", strings(status))],
    });
    const { diagnostics } = await checkSystem(
      {
        board: { ...board, deviceTree: encode(addNode(decoded.value, "/", iommu)) },
        hypervisor: { bootargs },
        domains: { ui: { kernel: "Image", ...hardware } },
      },
      { target: xen("4.21") },
    );
    return diagnostics.map(({ code }) => code).filter((code) => code !== "XI4624");
  }

  it("needs an IOMMU, or a direct map, from the release on that knows of it", async () => {
    expect(await codes(hardware, xen("4.21"))).toEqual(["XI4624", "XI4124"]);
    expect(await codes({ ...hardware, directMap: true }, xen("4.21"))).toEqual(["XI4624"]);
    expect(await codes(hardware, xen("4.20"))).not.toContain("XI4124");
    expect(await codes({ ...hardware, capabilities: ["control"] }, xen("4.21"))).toEqual(["XI4624"]);
  });

  it.each([
    ["arm,smmu-v3", "okay", "", true],
    ["arm,mmu-500", "okay", "", true],
    ["renesas,ipmmu-r8a7795", "okay", "", true],
    ["arm,smmu-v3", "disabled", "", false],
    ["vendor,iommu", "okay", "", false],
    ["arm,smmu-v3", "okay", "iommu=no", false],
    ["arm,smmu-v3", "okay", "no-iommu", false],
    ["arm,smmu-v3", "okay", "iommu=verbose,off", false],
    ["arm,smmu-v3", "okay", "iommu=verbose", true],
    ["arm,smmu-v3", "okay", "xiommu=no", true],
    ["arm,smmu-v3", "okay", "iommu=no iommu=debug,yes", true],
    ["arm,smmu-v3", "okay", "no-iommu iommu", true],
    ["arm,smmu-v3", "okay", "iommu no-iommu iommu=verbose", false],
  ])("has one with %s, %s, and %j: %s", async (compatible, status, bootargs, has) => {
    expect(await withIommu(compatible, status, bootargs)).toEqual(has ? [] : ["XI4124"]);
  });
});
