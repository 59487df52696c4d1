import type { Located, Value } from "dtc-js";
import { cells, cells64, concat, getProperty, readCells } from "dtc-js";
import { addressCells, sizeCells, tuples } from "../reg.ts";

/** Where a bus master sees memory: its own address, the machine's, and how much. */
export interface DmaWindow {
  readonly bus: number;
  readonly machine: number;
  readonly size: number;
}

/** Beyond, an address is none that Arm has; PCI's of three cells are, too. */
const addressLimit = 2 ** 52;

/**
 * Devicetree Specification 0.4, 2.3.9: the windows through which a device reaches memory, by the `dma-ranges` of each bus
 * above it; undefined where they are the same addresses. A window that no bus above passes on is left out.
 */
export function dmaWindowsOf({ parent }: Located): readonly DmaWindow[] | undefined {
  let windows: readonly DmaWindow[] | undefined;
  for (let bus = parent; bus?.parent; bus = bus.parent) {
    const above = windowsOf(bus, bus.parent);
    if (above) windows = windows ? windows.flatMap((window) => through(window, above)) : above;
  }
  return windows;
}

function windowsOf({ node }: Located, parent: Located): readonly DmaWindow[] | undefined {
  const property = getProperty(node, "dma-ranges");
  if (property === undefined || property.value.bytes.length === 0) return undefined;
  const widths = [addressCells(node), addressCells(parent.node), sizeCells(node)];
  return (tuples(node, "dma-ranges", widths) ?? [])
    .map(([bus = 0, machine = 0, size = 0]) => ({ bus, machine, size }))
    .filter(({ bus, machine, size }) => bus + size <= addressLimit && machine + size <= addressLimit);
}

const through = (window: DmaWindow, above: readonly DmaWindow[]): readonly DmaWindow[] =>
  above
    .filter(({ bus, size }) => bus <= window.machine && window.machine + window.size <= bus + size)
    .slice(0, 1)
    .map(({ bus, machine }) => ({ ...window, machine: window.machine - bus + machine }));

/** In two cells each, as a bus of the partial tree says it. */
export const dmaRanges = (windows: readonly DmaWindow[]): Value =>
  cells64(...windows.flatMap(({ bus, machine, size }) => [bus, machine, size]));

/** A bus's own `dma-ranges` below a parent of two cells: PCI's addresses stay three. Undefined if it has none to rewrite. */
export function ownDmaRanges({ node, parent }: Located): Value | undefined {
  const property = getProperty(node, "dma-ranges");
  if (property === undefined || parent === undefined) return undefined;
  const [own, above] = [addressCells(node), addressCells(parent.node)];
  const width = own + above + sizeCells(node);
  const all = readCells(property.value) ?? [];
  if (all.length === 0 || all.length % width !== 0 || above > 2) return property.value;
  return concat(
    ...Array.from({ length: all.length / width }, (_, index) => {
      const window = all.slice(index * width, (index + 1) * width);
      const machine = window.slice(own, own + above);
      return cells(
        ...window.slice(0, own),
        ...(machine.length === 1 ? [0, ...machine] : machine),
        ...window.slice(own + above),
      );
    }),
  );
}
