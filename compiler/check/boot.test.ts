import type { Node } from "dtc-js";
import { addNode, cells, cells64, decode, encode, node, property } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import type { SystemInput } from "../config/input.ts";
import type { Target, XenVersion } from "../ir/target.ts";
import { checkSystem, files } from "../testing/system.ts";

const xen = (version: XenVersion): Target => ({ hypervisor: "xen", version });
const core: Target = { hypervisor: "core" };
const board = qemuVirt({ gic: 3, cpus: 4, memory: "1GiB" });

async function codes(system: Partial<SystemInput>, target: Target): Promise<readonly string[]> {
  const domains = { ui: { kernel: "Image", memory: "64MiB" } };
  const { diagnostics } = await checkSystem({ board, domains, ...system }, { target });
  return diagnostics.map(({ code }) => code);
}

describe("a board's nodes", () => {
  const nested = (levels: number): Node => node(`n${levels}`, levels > 1 ? { children: [nested(levels - 1)] } : {});
  function withNode(added: Node): Partial<SystemInput> {
    const decoded = decode(board.deviceTree);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    return { board: { ...board, deviceTree: encode(addNode(decoded.value, "/", added)) } };
  }
  const deep = (levels: number): Partial<SystemInput> => withNode(nested(levels));

  function reserved(count: number): Partial<SystemInput> {
    const children = Array.from({ length: count }, (_, index) => 0x7000_0000 + index * 0x2000).map((at) =>
      node(`r@${at.toString(16)}`, { properties: [property("reg", cells64(at, 0x1000))] }),
    );
    const two = cells(2);
    const properties = [property("#address-cells", two), property("#size-cells", two), property("ranges")];
    return withNode(node("reserved-memory", { properties, children }));
  }

  it("are followed as deep as was seen of the hypervisor", async () => {
    for (const [target, limit] of [
      [xen("4.17"), 15],
      [core, 31],
    ] as const) {
      expect(await codes(deep(limit), target)).toEqual([]);
      expect(await codes(deep(limit + 1), target)).toEqual(["XI4620"]);
    }
  });

  it("that reserve memory are as many as the table holds, on 4.17 with the modules", async () => {
    const ui = { kernel: "Image", memory: "64MiB" };
    const more = { ramdisk: { ui: { ...ui, ramdisk: "rootfs.cpio" } }, domain: { ui, other: ui } };
    for (const [domains, limit] of [
      [{ ui }, 251],
      [more.ramdisk, 250],
      [more.domain, 250],
    ] as const) {
      expect(await codes({ ...reserved(limit), domains }, xen("4.17"))).toEqual([]);
      expect(await codes({ ...reserved(limit + 1), domains }, xen("4.17"))).toEqual(["XI4305"]);
    }
    for (const target of [xen("4.18"), core]) {
      expect(await codes(reserved(256), target)).toEqual([]);
      expect(await codes(reserved(257), target)).toEqual(["XI4305"]);
    }
    expect(await codes(reserved(257), xen("4.17"))).toEqual(["XI4305"]);
  });
});

describe("what upstream may have been built without", () => {
  const domains = {
    ui: { kernel: "Image", memory: [{ at: 0x6000_0000, size: "64MiB" }] },
    control: { kernel: "Image", memory: [{ at: 0x6800_0000, size: "64MiB" }] },
  };
  const system = {
    domains,
    cpupools: { a: { cpus: ["cpu0"] } },
    sharedMemory: { frames: { size: "2MiB", borrowers: ["ui", "control"] } },
  };

  it("is told once for each kind, and never of the core", async () => {
    expect((await codes(system, xen("4.22"))).filter((code) => code === "XI4624")).toHaveLength(3);
    expect(await codes(system, core)).not.toContain("XI4624");
    expect(await codes({}, xen("4.22"))).toEqual([]);
  });
});

describe("a guest's device tree", () => {
  const vcpus = (cpus: number, more: object = {}): Partial<SystemInput> => ({
    domains: { ui: { kernel: "Image", memory: "64MiB", cpus, ...more } },
  });
  const tooLarge = async (system: Partial<SystemInput>, target: Target): Promise<boolean> =>
    (await codes(system, target)).includes("XI4204");

  it("has room for as many vCPUs as its other contents leave", async () => {
    expect(await tooLarge(vcpus(31), xen("4.17"))).toBe(false);
    expect(await tooLarge(vcpus(32), xen("4.17"))).toBe(true);
    expect(await tooLarge(vcpus(31, { bootargs: "x".repeat(200) }), xen("4.17"))).toBe(true);
    expect(await tooLarge(vcpus(128), xen("4.22"))).toBe(false);
    expect(await tooLarge(vcpus(128), core)).toBe(false);
  });
});

describe("the console that dtuart names", () => {
  const named = (dtuart: string): Partial<SystemInput> => ({ hypervisor: { bootargs: `console=dtuart ${dtuart}` } });

  it.each([
    ["", []],
    ["dtuart=/pl011@9000000", []],
    ["dtuart=/pl011@9000000:115200", []],
    ["dtuart=serial0", ["XI4812"]],
    ["dtuart=/uart@1", ["XI4812"]],
    ["dtuart=/cpus", ["XI4812"]],
    ["dtuart=serial0 dtuart=/pl011@9000000", []],
    ["dtuart=/pl011@9000000 dtuart=serial0", ["XI4812"]],
  ])("is there for upstream Xen, or the core takes another: %s", async (dtuart, expected) => {
    for (const version of ["4.17", "4.22"] as const) expect(await codes(named(dtuart), xen(version))).toEqual(expected);
    expect(await codes(named(dtuart), core)).toEqual([]);
  });
});

describe("a partial tree's phandle", () => {
  const tree = (gic: number, device: number, other: number): string => `/dts-v1/; / {
    #address-cells = <2>; #size-cells = <2>;
    gic { phandle = <${gic}>; #interrupt-cells = <3>; interrupt-controller; };
    other { phandle = <${other}>; };
    passthrough { compatible = "simple-bus"; ranges; #address-cells = <2>; #size-cells = <2>;
      rtc@9010000 { phandle = <${device}>; reg = <0 0x9010000 0 0x1000>; xen,reg = <0 0x9010000 0 0x1000 0 0x9010000>;
        xen,path = "/pl031@9010000"; xen,force-assign-without-iommu; }; }; };`;

  async function codesOf(source: string, target: Target): Promise<readonly string[]> {
    const domains = { ui: { kernel: "Image", memory: "64MiB", passthrough: "own.dts" } };
    const table = { ...files, "own.dts": new TextEncoder().encode(source) };
    const { diagnostics } = await checkSystem({ board, domains }, { target, table });
    return diagnostics.map(({ code }) => code);
  }

  it.each([
    ["no node's is above", [0xfde6, 0xfde5, 0xfde4], []],
    ["the controller's is above", [0xfde7, 1, 2], ["XI4627"]],
    ["a device's is above", [1, 0xfde7, 2], ["XI4627"]],
    ["one is above that no guest sees", [1, 2, 0xfde7], ["XI4627"]],
    ["all are above", [0xffff_ff00, 0xffff_ff01, 0xffff_ff02], ["XI4627"]],
  ] as const)("stops 4.22, and nothing else, where %s what it takes", async (_, [gic, device, other], expected) => {
    const source = tree(gic, device, other);
    expect(await codesOf(source, xen("4.22"))).toEqual(expected);
    for (const target of [xen("4.21"), xen("4.17"), core]) expect(await codesOf(source, target)).toEqual([]);
  });
});
