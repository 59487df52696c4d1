import type { DeviceTree, Located, Node, Property } from "dtc-js";
import { cells, findByPhandle, getProperty, phandleOf, property, readCell, readCells, readStrings } from "dtc-js";
import type { BoardInterrupt } from "../../ir/devices.ts";

/** Bindings arm,gic-v3.yaml and arm,gic.yaml. */
const gics = ["arm,gic-v3", "arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a9-gic", "arm,cortex-a7-gic"];
/** A fourth cell names a set of CPUs (arm,gic-v3.yaml), for private interrupts alone: guests' controllers have three. */
const cellsOfGuest = 3;
const kinds = ["spi", "ppi"] as const;

export const isGic = (node: Node): boolean => {
  const compatible = getProperty(node, "compatible");
  return (compatible ? (readStrings(compatible.value) ?? []) : []).some((name) => gics.includes(name));
};

interface Specifier {
  /** Absent where the tree names none, or one that does not say how many cells it takes. */
  readonly controller?: Node;
  readonly cells: readonly number[];
}

const goesToGic = ({ controller }: Specifier): boolean => controller !== undefined && isGic(controller);

function specifiers(device: Located, tree: DeviceTree): readonly Specifier[] {
  const extended = getProperty(device.node, "interrupts-extended");
  if (extended) return extendedSpecifiers(readCells(extended.value) ?? [], tree);
  const own = getProperty(device.node, "interrupts");
  if (own === undefined) return [];
  const list = readCells(own.value) ?? [];
  const controller = interruptParent(device, tree);
  const width = controller && widthOf(controller);
  return controller && width ? chunks(list, width).map((each) => ({ controller, cells: each })) : [{ cells: list }];
}

/** Of a device's interrupts, those that the GIC takes: others do not count. */
export const interruptsOf = (device: Located, tree: DeviceTree): readonly BoardInterrupt[] =>
  specifiers(device, tree)
    .filter(goesToGic)
    .map(({ cells: [kind = -1, number = 0] }) => ({ kind: kinds[kind] ?? "other", number }));

/** Properties that tell a guest of its interrupts, and which of the board's are left out or cut short. */
interface GuestInterrupts {
  readonly properties: readonly Property[];
  readonly leftOut: readonly string[];
  /** Whether the hypervisor has any to route. */
  readonly routed: boolean;
}

/** Interrupts of the GIC come from the guest's own; others only where their controller is kept. */
export function guestInterrupts(
  device: Located,
  tree: DeviceTree,
  { keeps, gic }: { readonly keeps: ReadonlySet<number>; readonly gic: number },
): GuestInterrupts {
  const source = getProperty(device.node, "interrupts-extended") ?? getProperty(device.node, "interrupts");
  if (source === undefined) return { properties: [], leftOut: [], routed: false };
  const all = specifiers(device, tree);
  const handles = all.map(({ controller }) => controller && phandleOf(controller));
  const [handle] = handles;
  if (handle !== undefined && handles.every((each) => each !== undefined && keeps.has(each))) {
    const parent = source.name === "interrupts" ? [property("interrupt-parent", cells(handle))] : [];
    return { properties: [...parent, source], leftOut: [], routed: false };
  }
  const routed = all.filter(goesToGic);
  const list = routed.flatMap((each) => each.cells.slice(0, cellsOfGuest));
  return {
    properties:
      routed.length === 0 ? [] : [property("interrupt-parent", cells(gic)), property("interrupts", cells(...list))],
    leftOut: routed.length === all.length ? [] : [source.name],
    routed: routed.length > 0,
  };
}

/** Devicetree Specification 0.4, 2.4.1: the nearest node that names one. */
function interruptParent(device: Located, tree: DeviceTree): Node | undefined {
  for (let here: Located | undefined = device; here; here = here.parent) {
    const parent = getProperty(here.node, "interrupt-parent");
    if (parent) return findByPhandle(tree, readCell(parent.value) ?? 0)?.node;
  }
  return undefined;
}

function extendedSpecifiers(cells: readonly number[], tree: DeviceTree): readonly Specifier[] {
  const found: Specifier[] = [];
  for (let at = 0; at < cells.length;) {
    const controller = findByPhandle(tree, cells[at] ?? 0)?.node;
    const width = controller && widthOf(controller);
    if (controller === undefined || width === undefined) return [...found, { cells: cells.slice(at) }];
    found.push({ controller, cells: cells.slice(at + 1, at + 1 + width) });
    at += 1 + width;
  }
  return found;
}

function widthOf(controller: Node): number | undefined {
  const width = getProperty(controller, "#interrupt-cells");
  return width && readCell(width.value);
}

const chunks = (cells: readonly number[], width: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.floor(cells.length / width) }, (_, index) =>
    cells.slice(index * width, (index + 1) * width),
  );
