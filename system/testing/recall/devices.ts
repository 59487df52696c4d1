import type { DeviceTree, Node } from "dtc-js";
import { cells, cells64, deviceTree, empty, encode, node, property, setProperty, strings } from "dtc-js";
import type { Case } from "./case.ts";
import { alone, board, hello, inModule, inTree, system } from "./systems.ts";

const clock = "/pl031@9010000";
const gpio = "/pl061@9030000";

interface Device {
  readonly reg?: readonly [number, number, number];
  readonly path?: string;
  readonly assigned?: readonly string[];
}

/** The partial tree that somebody wrote by hand for the machine's clock (Xen docs/misc/arm/passthrough.txt). */
function partial({ reg = [0x901_0000, 0x1000, 0x901_0000], path = clock, assigned = all }: Device = {}): Node {
  const properties = [
    property("xen,reg", cells64(...reg)),
    property("xen,path", strings(path)),
    property("xen,force-assign-without-iommu", empty),
  ].filter(({ name }) => assigned.includes(name));
  return node("rtc@9010000", { properties: [property("reg", cells64(0x901_0000, 0x1000)), ...properties] });
}

const all = ["xen,reg", "xen,path", "xen,force-assign-without-iommu"];

const busProperties = [
  property("compatible", strings("simple-bus")),
  property("ranges", empty),
  property("#address-cells", cells(2)),
  property("#size-cells", cells(2)),
];

const fragment = (child: Node, without?: string): DeviceTree =>
  deviceTree({
    properties: busProperties.slice(2),
    children: [
      node("gic", {
        properties: [
          property("#interrupt-cells", cells(3)),
          property("interrupt-controller", empty),
          property("phandle", cells(0xfde8)),
        ],
      }),
      node("passthrough", { properties: busProperties.filter(({ name }) => name !== without), children: [child] }),
    ],
  });

/** A domain with that fragment; what is booted has it in the place of a sound one. */
const assigned = (bytes: Uint8Array): Pick<Case, "on" | "wrong" | "files" | "sound" | "damage"> => ({
  on: "xen",
  files: { "partial.dtb": bytes },
  wrong: alone({ passthrough: "partial.dtb" }),
  sound: alone({ passthrough: [clock] }),
  damage: inModule("ui", "device-tree", bytes),
});

const unaligned = partial({ reg: [0x901_0000, 0x800, 0x901_0000] });

/** The pin controller, with the clock's interrupt. */
const oneInterrupt = (tree: DeviceTree): DeviceTree => setProperty(tree, gpio, property("interrupts", cells(0, 2, 4)));

const both = { ui: hello("ui", { passthrough: [clock] }), other: hello("other", { passthrough: [gpio] }) };

/** A clock, and more to say of it than a guest's tree has room for. */
const wordy = fragment({
  ...partial(),
  properties: [...partial().properties, property("description", strings("x".repeat(3000)))],
});

/** Assigned devices. */
export const deviceCases: readonly Case[] = [
  {
    row: "C6",
    what: "a partial tree that the guest's has no room for",
    ...assigned(encode(wordy)),
    wrong: alone({ passthrough: "partial.dtb" }),
    code: "XI4621",
    sound: alone({ passthrough: "partial.dtb" }),
    damage: (loads) => loads,
    seen: { stops: /Device tree generation failed/ },
  },
  {
    row: "F10",
    what: "half a page of registers",
    ...assigned(encode(fragment(unaligned))),
    code: "XI3302",
    seen: { warns: /DomU passthrough config has not page aligned addresses\/sizes/ },
  },
  {
    row: "F11",
    what: "registers over the guest's RAM",
    ...assigned(encode(fragment(partial({ reg: [0x901_0000, 0x1000, 0x4000_0000] })))),
    code: "XI4808",
    seen: { stops: /Unable to copy the kernel/ },
  },
  {
    row: "F12",
    what: "the path of a device that the board does not have",
    ...assigned(encode(fragment(partial({ path: "/pl031@0" })))),
    code: "XI3301",
    seen: { warns: /Couldn't find node \/pl031@0 in host_dt/ },
  },
  {
    row: "F13",
    what: "a device without xen,path, and not forced",
    ...assigned(encode(fragment(partial({ assigned: ["xen,reg"] })))),
    code: "XI3302",
    seen: { warns: /Failed to assign device to d1|xen,path/ },
  },
  {
    row: "F14",
    what: "a device without IOMMU, and not forced",
    ...assigned(encode(fragment(partial({ assigned: ["xen,reg", "xen,path"] })))),
    code: "XI3302",
    seen: { warns: /Failed to assign device to d1/ },
  },
  {
    row: "F14",
    what: "a device of two domains",
    on: "xen",
    wrong: system({
      domains: { ui: hello("ui", { passthrough: [clock] }), other: hello("other", { passthrough: [clock] }) },
    }),
    code: "XI4802",
    seen: { warns: /Failed to assign device to d2/ },
  },
  {
    row: "F15",
    what: "the same half page, one level deeper: the guest's tree loses it",
    ...assigned(encode(fragment(node("soc", { properties: busProperties, children: [unaligned] })))),
    code: "XI3302",
    seen: { treeCut: "ui" },
  },
  {
    row: "F16",
    what: "a partial tree that is cut short",
    ...assigned(encode(fragment(partial())).subarray(0, 100)),
    code: "XI3302",
    seen: { stops: /Could not set up domain ui/ },
  },
  {
    row: "F17",
    what: "a bus without #address-cells",
    ...assigned(encode(fragment(partial(), "#address-cells"))),
    code: "XI3302",
    seen: { treeCut: "ui" },
  },
  {
    row: "F19",
    what: "one interrupt for two domains",
    on: "xen",
    wrong: system({ board: board({}, oneInterrupt), domains: both }),
    code: "XI4806",
    sound: system({ domains: both }),
    damage: inTree(oneInterrupt),
    seen: { warns: /IRQ 34 is already used by domain 1/ },
  },
  {
    row: "F19",
    what: "the hypervisor's own console",
    on: "xen",
    wrong: alone({ passthrough: ["/pl011@9000000"] }),
    code: "XI4803",
    seen: { nothing: true },
  },
];
