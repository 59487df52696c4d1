import type { Node } from "dtc-js";
import { addNode, cells64, decode, encode, parse, property, readCells } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { SystemInput } from "../config/input.ts";
import type { Target } from "../ir/target.ts";
import { checkSystem, files } from "../testing/system.ts";

const partial = (...nodes: readonly string[]): string => `/dts-v1/; / { passthrough {
  compatible = "simple-bus"; ranges; #address-cells = <1>; #size-cells = <1>; ${nodes.join(" ")} }; };`;

async function codesOf(...nodes: readonly string[]): Promise<readonly string[]> {
  const { diagnostics } = await checkSystem(
    {
      board: qemuVirt({ gic: 2, cpus: 2, memory: "1GiB" }),
      domains: { ui: { kernel: "Image", memory: MiB(64), passthrough: "own.dts" } },
    },
    { table: { ...files, "own.dts": new TextEncoder().encode(partial(...nodes)) } },
  );
  return diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
}

describe("devices of a partial tree", () => {
  const clock = "rtc@0 { xen,reg = <0x9010000 0x1000 0x9010000>; xen,force-assign-without-iommu; };";
  it.each([
    ["share a whole region", "rtc@1 { xen,reg = <0x9010000 0x1000 0x9010000>; xen,force-assign-without-iommu; };", []],
    [
      "have no part of another's",
      "rtc@1 { xen,reg = <0x9010000 0x2000 0x9010000>; xen,force-assign-without-iommu; };",
      ["XI3302"],
    ],
    [
      "are not at another's guest address",
      "rtc@1 { xen,reg = <0x9030000 0x1000 0x9010000>; xen,force-assign-without-iommu; };",
      ["XI3302"],
    ],
    [
      "are not at two guest addresses",
      "rtc@1 { xen,reg = <0x9010000 0x1000 0x9050000>; xen,force-assign-without-iommu; };",
      ["XI3302"],
    ],
  ])("%s", async (_, other, codes) => {
    expect(await codesOf(clock, other)).toEqual(codes);
  });

  it("have registers, also where an interrupt alone is wanted", async () => {
    const node = 'rtc { xen,path = "/pl031@9010000"; xen,force-assign-without-iommu; };';
    expect(await codesOf(node)).toEqual(["XI4807"]);
  });

  it("are not the GICv2's interface of hypervisors", async () => {
    expect(await codesOf("rtc { xen,reg = <0x8030000 0x1000 0x9030000>; xen,force-assign-without-iommu; };")).toEqual([
      "XI4803",
    ]);
  });
});

describe.each([{ hypervisor: "core" }, { hypervisor: "xen", version: "4.17" }] as const)(
  "a guest address of a device, on $hypervisor,",
  (target) => {
    type Wishes = Partial<SystemInput["domains"][string]> & { readonly gic?: 2 | 3 };
    async function isFree(at: number, { gic = 3, ...domain }: Wishes): Promise<boolean> {
      const node = `rtc@0 { xen,reg = <0x9010000 0x1000 ${at}>; xen,force-assign-without-iommu; };`;
      const { diagnostics } = await checkSystem(
        {
          board: qemuVirt({ gic, cpus: 2, memory: "1GiB" }),
          domains: { ui: { kernel: "Image", memory: MiB(64), passthrough: "own.dts", ...domain } },
        },
        { target, table: { ...files, "own.dts": new TextEncoder().encode(partial(node)) } },
      );
      const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
      expect(["", "XI4808"]).toContain(errors.join());
      return errors.length === 0;
    }

    it.each<readonly [string, boolean, number, Wishes]>([
      ["is on RAM", false, 0x4000_0000, { console: "none" }],
      ["is behind RAM", true, 0x4400_0000, { console: "none" }],
      ["is a vpl011's", false, 0x2200_0000, { console: "vpl011" }],
      ["is that of a vpl011 which it has not", true, 0x2200_0000, { console: "none" }],
      ["is its grant table", false, 0x38ff_f000, { enhanced: "no-xenstore" }],
      ["is that of a grant table which it has not", true, 0x3800_0000, {}],
      ["is a GICv3's distributor", false, 0x301_0000, { gic: 3 }],
      ["is a GICv3's redistributor", false, 0x302_0000, { gic: 3 }],
      ["is a GICv2's distributor", false, 0x300_1000, { gic: 2 }],
      ["is a GICv2's CPU interface", false, 0x300_3000, { gic: 2 }],
      ["is behind a GICv2's CPU interface", true, 0x300_4000, { gic: 2 }],
      ["is that of redistributors which a GICv2 has not", true, 0x302_0000, { gic: 2 }],
    ])("that %s is free: %s", async (_, free, at, wishes) => {
      expect(await isFree(at, wishes)).toBe(free);
    });

    it("that is the machine's UART is free for a direct-mapped domain without console", async () => {
      const banks = { memory: [{ at: 0x6000_0000, size: MiB(32) }], directMap: true };
      expect(await isFree(0x900_0000, { ...banks, console: "none" })).toBe(true);
      expect(await isFree(0x900_0000, { ...banks, console: "vpl011" })).toBe(false);
      expect(await isFree(0x800_0000, { ...banks, console: "none" })).toBe(false);
      expect(await isFree(0x301_0000, { ...banks, console: "none" })).toBe(true);
    });
  },
);

describe("what the core has room for of assigned devices", () => {
  const pages = (count: number, at = 0xc00_0000): string =>
    Array.from({ length: count }, (_, index) => `0x${(at + index * 0x2000).toString(16)} 0x1000`).join(" ");
  const spis = (first: number, count: number): string =>
    Array.from({ length: count }, (_, index) => `<0 ${first + index} 4>`).join(", ");
  const refused = { code: "XI4811", severity: "error" } as const;

  /** Two domains, each with a device of the machine: its registers, and its interrupts. */
  async function found(first: readonly [string, string], second: readonly [string, string], target?: Target) {
    const board = qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" });
    const decoded = decode(board.deviceTree);
    const added = parse(`/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;
      ${[first, second].map(([reg, interrupts], i) => `gpio@${i} { reg = <${reg}>; interrupts = ${interrupts}; };`).join(" ")} };`);
    if (!decoded.ok || !added.value) throw new Error("no tree");
    const nodes = added.value.root.children.map(wide);
    const tree = nodes.reduce((all, each) => addNode(all, "/", each), decoded.value);
    const domain = { kernel: "Image", memory: MiB(64) };
    const { diagnostics } = await checkSystem(
      {
        board: { ...board, deviceTree: encode(tree) },
        domains: { ui: { ...domain, passthrough: ["/gpio@0"] }, control: { ...domain, passthrough: ["/gpio@1"] } },
      },
      { ...(target && { target }) },
    );
    return diagnostics.filter(({ severity }) => severity === "error");
  }

  /** The board's root has two cells for addresses and for sizes. */
  const wide = (each: Node): Node => ({
    ...each,
    properties: each.properties.map((it) =>
      it.name === "reg" ? property("reg", cells64(...(readCells(it.value) ?? []))) : it,
    ),
  });

  it("is 256 stretches of registers in all", async () => {
    expect(await found([pages(200), spis(100, 1)], [pages(56, 0xd00_0000), spis(200, 1)])).toEqual([]);
    const errors = await found([pages(200), spis(100, 1)], [pages(57, 0xd00_0000), spis(200, 1)]);
    expect(errors).toMatchObject([
      { ...refused, message: expect.stringContaining("257 stretches of registers") as unknown },
    ]);
    expect(errors[0]?.primary).toMatchObject({ path: ["domains", "control", "passthrough", 0] });
  });

  it("is 256 interrupts in all", async () => {
    const pageOf = (at: number): string => pages(1, at);
    expect(await found([pageOf(0xc00_0000), spis(100, 200)], [pageOf(0xd00_0000), spis(300, 56)])).toEqual([]);
    expect(await found([pageOf(0xc00_0000), spis(100, 200)], [pageOf(0xd00_0000), spis(300, 57)])).toMatchObject([
      { ...refused, message: expect.stringContaining("257 interrupts") as unknown },
    ]);
  });

  it("is nobody else's limit", async () => {
    const xen = { hypervisor: "xen", version: "4.18" } as const;
    expect(await found([pages(200), spis(100, 1)], [pages(57, 0xd00_0000), spis(200, 1)], xen)).toEqual([]);
  });

  it("counts what several devices of a domain have in common once", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => {
        const at = `0x${(0xc00_0000 + (index % 200) * 0x1000).toString(16)}`;
        return `gpio@${index} { xen,reg = <${at} 0x1000 ${at}>; xen,force-assign-without-iommu; };`;
      });
    expect(await codesOf(...many(300))).toEqual([]);
  });
});

describe("an IOMMU that tells devices apart", () => {
  /** Two devices of two domains, one of either by default; what each has to do with which of three IOMMUs. */
  async function streams(first: string, second: string, both = false): Promise<readonly string[]> {
    const board = qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" });
    const decoded = decode(board.deviceTree);
    const added = parse(`/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;
      a: a@0 { #iommu-cells = <1>; phandle = <0x9000>; };
      b: b@0 { #iommu-cells = <2>; phandle = <0x9001>; };
      none: none@0 { #iommu-cells = <0>; phandle = <0x9002>; };
      dev@1 { ${first} };
      dev@2 { child { ${second} }; }; };`);
    if (!decoded.ok || !added.value) throw new Error("no tree");
    const nodes = added.value.root.children.map((each) =>
      each.name.startsWith("dev@")
        ? {
            ...each,
            properties: [
              ...each.properties,
              property("reg", cells64(each.name === "dev@1" ? 0xc00_0000 : 0xc10_0000, 0x1000)),
            ],
          }
        : each,
    );
    const tree = nodes.reduce((all, each) => addNode(all, "/", each), decoded.value);
    const domain = { kernel: "Image", directMap: true, console: "none" } as const;
    const { diagnostics } = await checkSystem({
      board: { ...board, deviceTree: encode(tree) },
      domains: {
        ui: {
          ...domain,
          memory: [{ at: 0x6000_0000, size: MiB(32) }],
          passthrough: both ? ["/dev@1", "/dev@2"] : ["/dev@1"],
        },
        other: { ...domain, memory: [{ at: 0x7000_0000, size: MiB(32) }], ...(!both && { passthrough: ["/dev@2"] }) },
      },
    });
    return diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
  }

  it.each([
    ["has one number for both", "iommus = <&a 5>;", "iommus = <&a 5>;", false],
    ["has a number for each", "iommus = <&a 5>;", "iommus = <&a 6>;", true],
    ["is one of two", "iommus = <&a 5>;", "iommus = <&b 5 0>;", true],
    ["reads a mask behind the number", "iommus = <&b 5 0xff>;", "iommus = <&b 5 0>;", false],
    ["has one of several for both", "iommus = <&a 1>, <&b 5 0>;", "iommus = <&b 7 0>, <&a 1>;", false],
    ["has no numbers", "iommus = <&none>;", "iommus = <&none>;", false],
    ["has a bus's numbers for both", "iommu-map = <0 &a 0x100 0x100>;", "iommus = <&a 0x1ff>;", false],
    ["has numbers beside a bus's", "iommu-map = <0 &a 0x100 0x100>;", "iommus = <&a 0x200>;", true],
  ])("%s", async (_, first, second, apart) => {
    expect(await streams(first, second)).toEqual(apart ? [] : ["XI4120"]);
    expect(await streams(first, second, true)).toEqual([]);
  });
});
