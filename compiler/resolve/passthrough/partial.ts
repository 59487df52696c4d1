import type { DeviceTree, Located, Node, Property } from "dtc-js";
import { baseName, cells, cells64, deviceTree, empty, getProperty, node, property, strings } from "dtc-js";
import { inCells } from "../../base/cells.ts";
import type { Range } from "../../base/ranges.ts";
import { endOf, overlapOf } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { KiB, alignUp, hex, physAddr } from "../../base/units.ts";
import { addressCells, rangesOf, regOf, sizeCells } from "../reg.ts";
import type { Closure, MissingProvider } from "./closure.ts";
import { closureOf } from "./closure.ts";
import type { DmaWindow } from "./dma-windows.ts";
import { dmaRanges, dmaWindowsOf, ownDmaRanges } from "./dma-windows.ts";
import { doesDma } from "./dma.ts";
import { childrenOf } from "./find.ts";
import { guestInterrupts } from "./interrupts.ts";
import { phandlesOf } from "./references.ts";

const page = KiB(4);

/** A partial tree, and what of the board's nodes it leaves out. */
export interface Partial {
  readonly tree: DeviceTree;
  /** Interrupts and windows that lead nowhere. */
  readonly leftOut: ReadonlyMap<Located, readonly string[]>;
  /** What leads to a provider that stays behind. */
  readonly missing: ReadonlyMap<Located, readonly MissingProvider[]>;
}

/**
 * The partial device tree of these devices (Xen docs/misc/arm/passthrough.txt): each on one bus, at the machine's own
 * addresses, with copies of what they name and is no hardware.
 */
export function partialTree(devices: readonly Located[], board: DeviceTree): Partial {
  const closure = closureOf(devices, phandlesOf(board));
  const leftOut = new Map(devices.map((device) => [device, leftOutOf(device, board, closure)]));
  const missing = new Map(devices.map((device) => [device, closure.missingOf(device)]));
  const pages = united(devices.flatMap((device) => pagesOf(registersOf(device))));
  const tree = deviceTree({
    properties: [property("#address-cells", cells(2)), property("#size-cells", cells(2))],
    children: [
      // Stands for the guest's own, so that the nodes below can name it.
      node("gic", {
        properties: [
          property("#interrupt-cells", cells(3)),
          property("interrupt-controller", empty),
          property("phandle", cells(closure.gic)),
        ],
      }),
      node("passthrough", {
        properties: busProperties,
        children: distinctNames([
          ...closure.copies.map((each) => each.node),
          ...onTheirBuses(devices, (device) => deviceNode(device, board, closure, pages)),
        ]),
      }),
    ],
  });
  return { tree, leftOut, missing };
}

const busProperties: readonly Property[] = [
  property("compatible", strings("simple-bus")),
  property("ranges", empty),
  property("#address-cells", cells(2)),
  property("#size-cells", cells(2)),
];

/** Devices that see memory elsewhere than the CPUs are on a bus that says where; the others are not. */
function onTheirBuses(devices: readonly Located[], nodeOf: (device: Located) => Node): readonly Node[] {
  const nodes: Node[] = [];
  const buses = new Map<string, Node[]>();
  for (const device of devices) {
    const windows = windowsOf(device);
    if (windows.length === 0) {
      nodes.push(nodeOf(device));
      continue;
    }
    const key = windows.map(({ bus, machine, size }) => [bus, machine, size].join()).join(";");
    const children = buses.get(key) ?? [];
    if (children.length === 0) {
      nodes.push(node("bus", { properties: [...busProperties, property("dma-ranges", dmaRanges(windows))], children }));
      buses.set(key, children);
    }
    children.push(nodeOf(device));
  }
  return nodes;
}

const windowsOf = (device: Located): readonly DmaWindow[] => (doesDma(device) && dmaWindowsOf(device)) || [];

/** Nodes of one name from different buses of the board; a number before the unit address tells them apart. */
function distinctNames(nodes: readonly Node[]): readonly Node[] {
  const taken = new Set<string>();
  return nodes.map((each) => {
    let name = each.name;
    for (let count = 2; taken.has(name); count += 1) name = each.name.replace(/^[^@]*/, (base) => `${base}-${count}`);
    taken.add(name);
    return name === each.name ? each : { ...each, name };
  });
}

function deviceNode(device: Located, board: DeviceTree, closure: Closure, pages: readonly Range<PhysAddr>[]): Node {
  const reg = regOf(device) ?? [];
  const [first] = reg;
  const bus = rangesOf(device);
  const memory = ownDmaRanges(device);
  const assigned = assignedOf(device, pages);
  const { properties, leftOut } = guestInterrupts(device, board, closure);
  return node(first ? `${baseName(device.node.name)}@${hex(first.start).slice(2)}` : device.node.name, {
    properties: [
      ...copied(device, leftOut.length > 0, closure).filter(({ name }) => !rewritten.has(name)),
      ...(reg.length === 0 ? [] : [property("reg", cells64(...reg.flatMap(({ start, size }) => [start, size])))]),
      ...(bus === undefined ? [] : [property("ranges", bus)]),
      ...(memory === undefined ? [] : [property("dma-ranges", memory)]),
      ...properties,
      ...assignment(device, assigned, busCells),
    ],
    children: childrenOf(device).map((child) => childNode(child, board, closure, pages, assigned)),
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
  closure: Closure,
  pages: readonly Range<PhysAddr>[],
  above: readonly Range<PhysAddr>[],
): Node {
  const { properties, leftOut, routed } = guestInterrupts(child, board, closure);
  const own = assignedOf(child, pages);
  const assigned = own.length === 0 ? above : own;
  return node(child.node.name, {
    properties: [
      ...copied(child, leftOut.length > 0, closure).filter(({ name }) => !rewrittenInChildren.has(name)),
      ...properties,
      ...(routed && child.parent ? assignment(child, assigned, cellsBelow(child.parent.node)) : []),
    ],
    children: childrenOf(child).map((each) => childNode(each, board, closure, pages, assigned)),
  });
}

const cellsBelow = (parent: Node): Cells => ({ address: addressCells(parent), size: sizeCells(parent) });

const rewrittenInChildren = new Set(["interrupts", "interrupts-extended", "interrupt-parent", "xen,passthrough"]);

/** Written anew from what the board's tree says in all; a device that is assigned is there, whatever its status was. */
const rewritten = new Set([...rewrittenInChildren, "reg", "ranges", "dma-ranges", "status"]);

function copied({ node }: Located, cut: boolean, closure: Closure): readonly Property[] {
  return node.properties.filter((each) => !closure.isLeftOut(each, node) && !(each.name === "interrupt-names" && cut));
}

/** A child's `ranges` stays as it is: it leads to the addresses of the device. */
const leftOutOf = (device: Located, board: DeviceTree, closure: Closure): readonly string[] => [
  ...(doesDma(device) && dmaWindowsOf(device)?.length === 0 ? ["dma-ranges of the buses above"] : []),
  ...leftOutBelow(device, board, closure),
];

const leftOutBelow = (device: Located, board: DeviceTree, closure: Closure): readonly string[] => [
  ...(getProperty(device.node, "ranges") && rangesOf(device) === undefined ? ["ranges"] : []),
  ...guestInterrupts(device, board, closure).leftOut,
  ...childrenOf(device).flatMap((child) => leftOutBelow(child, board, closure)),
];

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
