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
import { inCells } from "../../base/cells.ts";
import type { Range } from "../../base/ranges.ts";
import { endOf, overlapOf } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { KiB, alignUp, hex, physAddr } from "../../base/units.ts";
import { guestGicPhandle } from "../../ir/devices.ts";
import { addressCells, rangesOf, regOf, sizeCells } from "../reg.ts";
import { childrenOf } from "./find.ts";
import { guestInterrupts } from "./interrupts.ts";

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
  const leftOut = new Map(devices.map((device) => [device, leftOutOf(device, board, kept)]));
  const pages = united(devices.flatMap((device) => pagesOf(registersOf(device))));
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
          ...devices.map((device) => deviceNode(device, board, kept, pages)),
        ],
      }),
    ],
  });
  return { tree, leftOut };
}

function deviceNode(
  device: Located,
  board: DeviceTree,
  kept: ReadonlySet<number>,
  pages: readonly Range<PhysAddr>[],
): Node {
  const reg = regOf(device) ?? [];
  const [first] = reg;
  const bus = rangesOf(device);
  const assigned = assignedOf(device, pages);
  return node(first ? `${baseName(device.node.name)}@${hex(first.start).slice(2)}` : device.node.name, {
    properties: [
      ...copied(device, board, kept).filter(({ name }) => !rewritten.has(name)),
      ...(reg.length === 0 ? [] : [property("reg", cells64(...reg.flatMap(({ start, size }) => [start, size])))]),
      ...(bus === undefined ? [] : [property("ranges", bus)]),
      ...guestInterrupts(device, board, kept).properties,
      ...assignment(device, assigned, busCells),
    ],
    children: childrenOf(device).map((child) => childNode(child, board, kept, pages, assigned)),
  });
}

const assignedOf = (device: Located, pages: readonly Range<PhysAddr>[]): readonly Range<PhysAddr>[] => {
  const own = pagesOf(registersOf(device));
  return pages.filter((range) => own.some((each) => overlapOf(each, range)));
};

/** The cells of /passthrough. */
const busCells: Cells = { address: 2, size: 2 };

interface Cells {
  readonly address: number;
  readonly size: number;
}

/** Neither hypervisor takes xen,path without xen,reg ("xen,reg or xen,path missing", row F13). */
function assignment({ path }: Located, pages: readonly Range<PhysAddr>[], { address, size }: Cells) {
  const numbers = pages.flatMap((range) => [
    inCells(range.start, address),
    inCells(range.size, size),
    inCells(range.start, address),
  ]);
  // More than two cells are no address of a CPU's.
  if (address > 2 || size > 2 || numbers.includes(undefined)) return [];
  return [
    property("xen,path", strings(path)),
    // A device without pages is refused later, by XI4807.
    ...(numbers.length === 0 ? [] : [property("xen,reg", cells(...numbers.flatMap((each) => each ?? [])))]),
    property("xen,force-assign-without-iommu", empty),
  ];
}

/**
 * Its registers are among those of the device above; its interrupts are routed by its own path, with the pages of the
 * device above where it has none of its own.
 */
function childNode(
  child: Located,
  board: DeviceTree,
  kept: ReadonlySet<number>,
  pages: readonly Range<PhysAddr>[],
  above: readonly Range<PhysAddr>[],
): Node {
  const { properties, routed } = guestInterrupts(child, board, kept);
  const own = assignedOf(child, pages);
  const assigned = own.length === 0 ? above : own;
  return node(child.node.name, {
    properties: [
      ...copied(child, board, kept).filter(({ name }) => !rewrittenInChildren.has(name)),
      ...properties,
      ...(routed && child.parent ? assignment(child, assigned, cellsBelow(child.parent.node)) : []),
    ],
    children: childrenOf(child).map((each) => childNode(each, board, kept, pages, assigned)),
  });
}

const cellsBelow = (parent: Node): Cells => ({ address: addressCells(parent), size: sizeCells(parent) });

const rewrittenInChildren = new Set(["interrupts", "interrupts-extended", "interrupt-parent", "xen,passthrough"]);

/** Written anew from what the board's tree says in all; a device that is assigned is there, whatever its status was. */
const rewritten = new Set([...rewrittenInChildren, "reg", "ranges", "status"]);

function copied(device: Located, board: DeviceTree, kept: ReadonlySet<number>): readonly Property[] {
  const { properties } = device.node;
  const cut = guestInterrupts(device, board, kept).leftOut.length > 0;
  return properties.filter(
    (each) =>
      !leadsAway(each, kept) &&
      !(each.name === "interrupt-names" && cut) &&
      !(each.name.endsWith("-names") && isOrphan(each, properties, kept)),
  );
}

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

/** A child's `ranges` stays as it is: it leads to the addresses of the device. */
const leftOutOf = (device: Located, board: DeviceTree, kept: ReadonlySet<number>): readonly string[] => [
  ...device.node.properties.filter((each) => leadsAway(each, kept)).map(({ name }) => name),
  ...(getProperty(device.node, "ranges") && rangesOf(device) === undefined ? ["ranges"] : []),
  ...guestInterrupts(device, board, kept).leftOut,
  ...childrenOf(device).flatMap((child) => leftOutOf(child, board, kept)),
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

/** Registers of a device and of all below it that the CPUs reach. */
const registersOf = (device: Located): readonly Range<PhysAddr>[] => [
  ...(regOf(device) ?? []),
  ...childrenOf(device).flatMap(registersOf),
];

/** The whole pages that registers lie in; those that touch are one. */
function pagesOf(reg: readonly Range<PhysAddr>[]): readonly Range<PhysAddr>[] {
  const pages = reg
    .filter(({ size }) => size > 0)
    .map((range) => {
      const start = range.start - (range.start % page);
      return { start: physAddr(start), size: alignUp(endOf(range), page) - start };
    });
  return joined(pages, (start, end) => start <= end);
}

/** Devices of one domain may share pages: the hypervisor wants each such range once, or the very same again. */
const united = (pages: readonly Range<PhysAddr>[]): readonly Range<PhysAddr>[] =>
  joined(pages, (start, end) => start < end);

function joined(
  ranges: readonly Range<PhysAddr>[],
  joins: (start: number, end: number) => boolean,
): readonly Range<PhysAddr>[] {
  const found: Range<PhysAddr>[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last && joins(range.start, endOf(last)))
      found[found.length - 1] = { start: last.start, size: Math.max(endOf(last), endOf(range)) - last.start };
    else found.push(range);
  }
  return found;
}
