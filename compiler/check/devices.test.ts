import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
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
