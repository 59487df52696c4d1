import { encode, findNode, getProperty, phandleOf, print, walk } from "dtc-js";
import { describe, expect, it } from "vitest";
import type { DomainInput } from "../config/input.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import { files, placedSystem, twoDomains } from "../testing/system.ts";
import { guestTree } from "./guest-tree.ts";
import { systemTree } from "./system-tree.ts";

const withClock = (fields: Partial<DomainInput> = {}, own = ""): Promise<PlacedSystem> =>
  placedSystem(
    {
      ...twoDomains,
      cpupools: {},
      domains: { ui: { kernel: "Image", memory: "64MiB", passthrough: ["pl031"], ...fields } },
    },
    undefined,
    { ...files, "own.dts": new TextEncoder().encode(own) },
  );

function guestOf(placed: PlacedSystem) {
  const [domain] = placed.domains;
  if (!domain) throw new Error("no domain");
  return guestTree(domain, placed);
}

describe("the tree that the hypervisor gets of an assigned device", () => {
  it("has the partial tree as a module, and marks the board's node alone", async () => {
    const placed = await withClock();
    const tree = systemTree(placed);
    const module = placed.modules.find(({ kind }) => kind === "passthrough");
    expect(module?.file.bytes).toEqual(encode(placed.resolved.domains[0]?.passthrough?.tree ?? fail()));
    const node = findNode(tree, `/chosen/ui/module@${(module?.at.start ?? 0).toString(16)}`);
    expect(node && print({ reservations: [], bootCpuid: 0, root: { ...node, name: "" } })).toContain(
      'compatible = "multiboot,device-tree", "multiboot,module"',
    );
    const marked = [...walk(tree)].filter(({ node }) => getProperty(node, "xen,passthrough"));
    expect(marked.map(({ path }) => path)).toEqual(["/pl031@9010000"]);
  });
});

const fail = (): never => {
  throw new Error("nothing is assigned");
};

describe("the tree that the guest gets of it", () => {
  it("has the device, its clock, and nothing that is meant for the hypervisor", async () => {
    const tree = guestOf(await withClock());
    const names = findNode(tree, "/passthrough")?.children.map(({ name }) => name);
    expect(names).toEqual(["apb-pclk", "pl031@9010000"]);
    expect(print(tree)).not.toMatch(/xen,(reg|path|force)/);
    expect(findNode(tree, "/gic")).toBeUndefined();
  });

  it("calls the interrupt controller as a partial tree of the user's own does", async () => {
    const own = `/dts-v1/; / {
      gic: gic { interrupt-controller; #interrupt-cells = <3>; phandle = <0x77>; };
      aliases { rtc0 = "/passthrough/rtc"; };
      passthrough { compatible = "simple-bus"; ranges; #address-cells = <2>; #size-cells = <2>;
        rtc { xen,reg = <0 0x9010000 0 0x1000 0 0x9010000>; xen,force-assign-without-iommu; interrupt-parent = <&gic>; }; };
    };`;
    const tree = guestOf(await withClock({ passthrough: "own.dts", enhanced: "no-xenstore" }, own));
    const controller = findNode(tree, "/interrupt-controller");
    expect(controller && phandleOf(controller)).toBe(0x77);
    expect(print(tree).match(/interrupt-parent = <0x77>/g)).toHaveLength(4);
    expect(print(tree)).toContain('rtc0 = "/passthrough/rtc"');
  });

  it("offers no addresses to other domains' pages where a device is", async () => {
    const own = `/dts-v1/; / { passthrough { compatible = "simple-bus"; ranges; #address-cells = <2>; #size-cells = <2>;
      rtc { xen,reg = <0 0x9010000 0 0x1000 0 0xa0001000>; xen,force-assign-without-iommu; }; }; };`;
    const tree = guestOf(await withClock({ passthrough: "own.dts", enhanced: "no-xenstore" }, own));
    const hypervisor = findNode(tree, "/hypervisor");
    expect(hypervisor && print({ reservations: [], bootCpuid: 0, root: { ...hypervisor, name: "" } })).toContain(
      "reg = <0x00 0x38000000 0x00 0x1000000 0x00 0x44000000 0x00 0x5c000000",
    );
  });
});
