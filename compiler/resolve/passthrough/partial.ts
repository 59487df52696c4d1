import type { DeviceTree, Located, Node, Property } from "dtc-js";
import {
  baseName,
  cells,
  cells64,
  deviceTree,
  empty,
  findByPhandle,
  getProperty,
  node,
  phandleOf,
  property,
  readCell,
  readCells,
  readStrings,
  strings,
} from "dtc-js";
import type { Range } from "../../base/ranges.ts";
import { endOf } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { KiB, alignUp, hex, physAddr } from "../../base/units.ts";
import { guestGicPhandle } from "../../ir/devices.ts";
import { rangesOf, regOf } from "../reg.ts";
import { gicSpecifiers } from "./interrupts.ts";

const page = KiB(4);

/** A partial tree, and what of the board's nodes it leaves out because it leads to something that stays behind. */
export interface Partial {
  readonly tree: DeviceTree;
  readonly leftOut: ReadonlyMap<Located, readonly string[]>;
}

/**
 * The partial device tree of these devices (Xen docs/misc/arm/passthrough.txt): each on one bus, at the machine's own
 * addresses, with the fixed clocks that they name.
 */
export function partialTree(devices: readonly Located[], board: DeviceTree): Partial {
  const clocks = new Map(
    devices.flatMap((device) => fixedClocks(device.node, board)).map((clock) => [clock.path, clock]),
  );
  const kept = new Set([...devices, ...clocks.values()].flatMap(({ node }) => phandlesIn(node)));
  const leftOut = new Map(devices.map((device) => [device, leftOutOf(device.node, kept)]));
  const tree = deviceTree({
    properties: [property("#address-cells", cells(2)), property("#size-cells", cells(2))],
    children: [
      // Stands for the guest's own, so that the nodes below can name it.
      node("gic", {
        properties: [
          property("#interrupt-cells", cells(3)),
          property("interrupt-controller", empty),
          property("phandle", cells(guestGicPhandle)),
        ],
      }),
      node("passthrough", {
        properties: [
          property("compatible", strings("simple-bus")),
          property("ranges", empty),
          property("#address-cells", cells(2)),
          property("#size-cells", cells(2)),
        ],
        children: [
          ...[...clocks.values()].map((clock) => clock.node),
          ...devices.map((device) => deviceNode(device, board, kept)),
        ],
      }),
    ],
  });
  return { tree, leftOut };
}

function deviceNode(device: Located, board: DeviceTree, kept: ReadonlySet<number>): Node {
  const reg = regOf(device) ?? [];
  const specifiers = gicSpecifiers(device, board);
  const [first] = reg;
  const own = copied(device.node, kept).filter(({ name }) => !rewritten.has(name));
  const bus = rangesOf(device);
  return node(first ? `${baseName(device.node.name)}@${hex(first.start).slice(2)}` : device.node.name, {
    properties: [
      ...own,
      ...(reg.length === 0 ? [] : [property("reg", cells64(...reg.flatMap(({ start, size }) => [start, size])))]),
      ...(bus === undefined ? [] : [property("ranges", bus)]),
      ...(specifiers.length === 0
        ? []
        : [property("interrupt-parent", cells(guestGicPhandle)), property("interrupts", cells(...specifiers.flat()))]),
      property("xen,path", strings(device.path)),
      ...(reg.length === 0
        ? []
        : [property("xen,reg", cells64(...pagesOf(reg).flatMap(({ start, size }) => [start, size, start])))]),
      property("xen,force-assign-without-iommu", empty),
    ],
    children: device.node.children.map((child) => childNode(child, kept)),
  });
}

const childNode = (child: Node, kept: ReadonlySet<number>): Node =>
  node(child.name, { properties: copied(child, kept), children: child.children.map((each) => childNode(each, kept)) });

/** Written anew from what the board's tree says in all; a device that is assigned is there, whatever its status was. */
const rewritten = new Set([
  "reg",
  "ranges",
  "interrupts",
  "interrupts-extended",
  "interrupt-parent",
  "status",
  "xen,passthrough",
]);

const copied = ({ properties }: Node, kept: ReadonlySet<number>): readonly Property[] =>
  properties.filter(
    (each) => !leadsAway(each, kept) && !(each.name.endsWith("-names") && isOrphan(each, properties, kept)),
  );

/** Names of clocks, resets and so on, where what they name is left out. */
function isOrphan({ name }: Property, properties: readonly Property[], kept: ReadonlySet<number>): boolean {
  const stem = name.slice(0, -"-names".length);
  return (
    properties.some(
      (each) =>
        (each.name === stem || each.name === `${stem}s` || each.name.startsWith(`${stem}-`)) && leadsAway(each, kept),
    ) || properties.some((each) => stem === "clock" && each.name === "clocks" && leadsAway(each, kept))
  );
}

/** Properties that name other nodes (Devicetree Specification 0.4 and Linux' bindings). */
const references =
  /^(clocks|assigned-clocks|assigned-clock-parents|resets|power-domains|dmas|iommus|iommu-map|interconnects|phys|phy-handle|pinctrl-\d+|nvmem-cells|memory-region|mboxes|hwlocks|msi-parent|msi-map|interrupt-map|operating-points-v2|access-controllers|gpios|.*-gpios?|.*-supply)$/;

/** The first cell names a node; those of the other forms have flags or arguments behind it. */
function leadsAway({ name, value }: Property, kept: ReadonlySet<number>): boolean {
  if (!references.test(name)) return false;
  const all = readCells(value) ?? [];
  const handles = name === "clocks" ? all : all.slice(0, 1);
  return !handles.every((handle) => kept.has(handle));
}

const leftOutOf = (device: Node, kept: ReadonlySet<number>): readonly string[] => [
  ...device.properties.filter((each) => leadsAway(each, kept)).map(({ name }) => name),
  ...device.children.flatMap((child) => leftOutOf(child, kept)),
];

const phandlesIn = (device: Node): readonly number[] => {
  const own = phandleOf(device);
  return [...(own === undefined ? [] : [own]), ...device.children.flatMap(phandlesIn)];
};

/** Clocks without cells that need nothing but themselves. */
function fixedClocks(device: Node, board: DeviceTree): readonly Located[] {
  const clocks = getProperty(device, "clocks");
  const own = (clocks ? (readCells(clocks.value) ?? []) : []).flatMap((handle) => {
    const found = findByPhandle(board, handle);
    return found && isFixedClock(found.node) ? [found] : [];
  });
  return [...own, ...device.children.flatMap((child) => fixedClocks(child, board))];
}

function isFixedClock(clock: Node): boolean {
  const compatible = getProperty(clock, "compatible");
  const width = getProperty(clock, "#clock-cells");
  const names = compatible ? (readStrings(compatible.value) ?? []) : [];
  return names.includes("fixed-clock") && width !== undefined && readCell(width.value) === 0;
}

/** The whole pages that registers lie in; those that touch are one. */
function pagesOf(reg: readonly Range<PhysAddr>[]): readonly Range<PhysAddr>[] {
  const pages: Range<PhysAddr>[] = [];
  for (const range of reg.filter(({ size }) => size > 0).toSorted((a, b) => a.start - b.start)) {
    const start = range.start - (range.start % page);
    const end = alignUp(endOf(range), page);
    const last = pages.at(-1);
    if (last && start <= endOf(last))
      pages[pages.length - 1] = { start: last.start, size: Math.max(endOf(last), end) - last.start };
    else pages.push({ start: physAddr(start), size: end - start });
  }
  return pages;
}
