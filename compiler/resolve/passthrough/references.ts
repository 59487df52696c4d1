import type { DeviceTree, Located, Node, Property } from "dtc-js";
import { getProperty, phandleOf, readCell, readCells, walk } from "dtc-js";

/** Every node of a tree that has a phandle, by it. */
export type Phandles = ReadonlyMap<number, Located>;

export function phandlesOf(tree: DeviceTree): Phandles {
  const found = new Map<number, Located>();
  for (const located of walk(tree)) {
    const handle = phandleOf(located.node);
    if (handle !== undefined && !found.has(handle)) found.set(handle, located);
  }
  return found;
}

/** How a property names nodes: again and again so many cells, a phandle, and what belongs to it. */
interface Shape {
  readonly before?: number;
  /** Cells, or the property of the named node that says how many; "rest": one phandle, then numbers. */
  readonly after: number | `#${string}` | "rest";
  /** Where the named node does not say; without, such a value cannot be read. */
  readonly otherwise?: number;
}

/** Common bindings of consumers and providers: dt-schema, and those that dtc checks. */
const specifiers: Readonly<Record<string, Shape>> = {
  "access-controllers": { after: "#access-controller-cells" },
  "assigned-clock-parents": { after: "#clock-cells" },
  "assigned-clocks": { after: "#clock-cells" },
  clocks: { after: "#clock-cells" },
  "cooling-device": { after: "#cooling-cells" },
  dmas: { after: "#dma-cells" },
  "gpio-ranges": { after: 3 },
  hwlocks: { after: "#hwlock-cells" },
  interconnects: { after: "#interconnect-cells" },
  "io-backends": { after: "#io-backend-cells" },
  "io-channels": { after: "#io-channel-cells" },
  "iommu-map": { before: 1, after: 2 },
  iommus: { after: "#iommu-cells" },
  mboxes: { after: "#mbox-cells" },
  "msi-map": { before: 1, after: 2 },
  "msi-parent": { after: "#msi-cells", otherwise: 0 },
  "mux-controls": { after: "#mux-control-cells" },
  "mux-states": { after: "#mux-state-cells" },
  "nvmem-cells": { after: "#nvmem-cell-cells", otherwise: 0 },
  "performance-domains": { after: "#performance-domain-cells" },
  phys: { after: "#phy-cells" },
  "power-domains": { after: "#power-domain-cells" },
  pwms: { after: "#pwm-cells" },
  resets: { after: "#reset-cells" },
  "sound-dai": { after: "#sound-dai-cells" },
  "thermal-sensors": { after: "#thermal-sensor-cells" },
  "trigger-sources": { after: "#trigger-source-cells" },
};

/** Phandles and nothing else, in common bindings. */
const lists =
  /^(pinctrl-\d+|.+-supply|memory-region|operating-points-v2|required-opps|phy-handle|phy-device|pcs-handle|sfp|usb-phy|mmc-pwrseq|remote-endpoint|nvmem|shmem|sram|cpu-idle-states|next-level-cache|interrupt-affinity|cpu|cpu-supply|trip|ddc|ddc-i2c-bus|i2c-parent|i2c-bus|mdio-parent-bus|backlight|panel|leds|extcon|fpga-mgr|companion|bitclock-master|frame-master|dais|wakeup-parent|regmap)$/;

/** Lines of a GPIO controller; "nr-gpios" is a number, "gpios-states" a list of them (gpio.txt). */
const gpios = /^(gpios?|.*-gpios?)$/;
const numberOfGpios = /(^|[-,])nr-gpios$/;

/**
 * Of vendors' bindings: a node first, then numbers. The names are those of the boards that we know, and what system
 * controllers are called everywhere. Only where the first cell is a phandle of the board's: some are numbers elsewhere.
 */
const vendors =
  /^(fsl,stop-mode|intf_mode|firmware|ti,sci|snps,(mtl-rx|mtl-tx|axi)-config|renesas,(fcp|companion|ipmmu-main)|syscon.*|.+[-,](syscon|sysreg|sysmgr|sysctrl|gpr|grf|regmap|anatop|usbmisc|pmureg)(-.*)?|playback|capture)$/;
/** The same with a number behind each node, or none: binding ti,sci-inta.yaml. */
const vendorLists: Readonly<Record<string, number>> = { "renesas,vsps": 1, "ti,unmapped-event-sources": 0 };

/** A phandle that a property names: its node, where the tree has it. `undefined`: the rest cannot be read. */
export type Reference = { readonly handle: number; readonly node?: Located } | undefined;

/** The nodes that a property names; undefined for one that names none. An entry of 0 is empty and names none. */
export function referencesIn(
  { name, value }: Property,
  owner: Node,
  phandles: Phandles,
): readonly Reference[] | undefined {
  const list = readCells(value);
  // No whole cells: a list of phandles that cannot be read, of which the user is to hear, or something else.
  if (list === undefined) return namesNodes(name, owner) ? [undefined] : undefined;
  if (name === "interrupt-map") return mapped(list, owner, phandles);
  const shape = shapeOf(name, owner, list, phandles);
  return shape && read(list, shape, phandles);
}

const namesNodes = (name: string, owner: Node): boolean =>
  name === "interrupt-map" || shapeOf(name, owner, [], new Map()) !== undefined;

function shapeOf(name: string, owner: Node, list: readonly number[], phandles: Phandles): Shape | undefined {
  if (Object.hasOwn(specifiers, name)) return specifiers[name];
  if (lists.test(name)) return { after: 0 };
  // A hog's lines are its parent's own (gpio.txt).
  if (gpios.test(name))
    return numberOfGpios.test(name) || getProperty(owner, "gpio-hog") ? undefined : { after: "#gpio-cells" };
  const isKnown = phandles.has(list[0] ?? 0);
  if (vendors.test(name)) return isKnown ? { after: "rest" } : undefined;
  const after = Object.hasOwn(vendorLists, name) ? vendorLists[name] : undefined;
  return after === undefined ? undefined : { after };
}

function read(list: readonly number[], shape: Shape, phandles: Phandles): readonly Reference[] {
  const found: Reference[] = [];
  for (let at = shape.before ?? 0; at < list.length;) {
    const handle = list[at] ?? 0;
    const node = phandles.get(handle);
    const after = handle === 0 ? 0 : widthAfter(shape, node?.node);
    if (handle !== 0) found.push({ handle, ...(node && { node }) });
    // What follows an unknown node, or is cut short, cannot be told apart.
    if (after === undefined || (after !== "rest" && at + 1 + after > list.length)) return [...found, undefined];
    if (after === "rest") return found;
    at += 1 + after + (shape.before ?? 0);
  }
  return found;
}

function widthAfter({ after, otherwise }: Shape, node: Node | undefined): number | "rest" | undefined {
  if (typeof after === "number" || after === "rest") return after;
  return node && (cellOf(node, after) ?? otherwise);
}

/** Devicetree Specification 0.4, 2.4.3.1: a child's address and interrupt, the parent's phandle, address and interrupt. */
function mapped(list: readonly number[], owner: Node, phandles: Phandles): readonly Reference[] {
  const before = (cellOf(owner, "#address-cells") ?? 2) + (cellOf(owner, "#interrupt-cells") ?? 1);
  const found: Reference[] = [];
  for (let at = before; at < list.length;) {
    const handle = list[at] ?? 0;
    const node = phandles.get(handle);
    const width = node && cellOf(node.node, "#interrupt-cells");
    if (node === undefined || width === undefined) return [...found, { handle }, undefined];
    found.push({ handle, node });
    at += 1 + (cellOf(node.node, "#address-cells") ?? 0) + width + before;
  }
  return found;
}

function cellOf(node: Node, name: string): number | undefined {
  const property = getProperty(node, name);
  return property && readCell(property.value);
}
