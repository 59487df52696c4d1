import type { DeviceTree, Located, Node } from "dtc-js";
import { getProperty, readCell, readCells, walk } from "dtc-js";

/** A node of the board's tree with registers or interrupts. */
export interface BoardDevice {
  readonly path: string;
  /** Machine addresses, half-open. */
  readonly regions: readonly { readonly start: number; readonly end: number }[];
  /** INTIDs of shared interrupts. */
  readonly interrupts: readonly number[];
}

const notDevices = /^\/(?:cpus|memory(?:@[^/]*)?|reserved-memory|chosen|aliases)(?:\/|$)/;

/** Those whose addresses no bus translates, and whose interrupts are written as a GIC's. */
export const boardDevices = (tree: DeviceTree): readonly BoardDevice[] =>
  [...walk(tree)].flatMap((located) => {
    const { path, node } = located;
    if (notDevices.test(path)) return [];
    const [regions, interrupts] = [regionsOf(located), interruptsOf(node)];
    return regions.length + interrupts.length === 0 ? [] : [{ path, regions, interrupts }];
  });

function regionsOf({ node, parent }: Located): BoardDevice["regions"] {
  const reg = getProperty(node, "reg");
  const cells = (reg && readCells(reg.value)) ?? [];
  if (parent === undefined || !isPlain(parent)) return [];
  const [address, size] = [cellOf(parent.node, "#address-cells", 2), cellOf(parent.node, "#size-cells", 1)];
  const step = address + size;
  if (size === 0 || address > 2 || cells.length % step !== 0) return [];
  return Array.from({ length: cells.length / step }, (_, index) => {
    const tuple = cells.slice(index * step, (index + 1) * step);
    const start = joined(tuple.slice(0, address));
    return { start, end: start + joined(tuple.slice(address)) };
  });
}

/** Devicetree Specification 0.4, 2.3.8: empty `ranges` are the addresses of the bus above. */
const isPlain = ({ node, parent }: Located): boolean =>
  parent === undefined || (getProperty(node, "ranges")?.value.bytes.length === 0 && isPlain(parent));

/** The GIC's binding: three cells, of which the first says 0 for shared interrupts, counted from INTID 32 on. */
function interruptsOf(node: Node): readonly number[] {
  const property = getProperty(node, "interrupts");
  const cells = (property && readCells(property.value)) ?? [];
  if (cells.length % 3 !== 0) return [];
  return Array.from({ length: cells.length / 3 }, (_, index) => cells.slice(index * 3, index * 3 + 2)).flatMap(
    ([kind, number = 0]) => (kind === 0 ? [number + 32] : []),
  );
}

const cellOf = (node: Node, name: string, preset: number): number => {
  const property = getProperty(node, name);
  return (property && readCell(property.value)) ?? preset;
};

const joined = (cells: readonly number[]): number => cells.reduce((sum, cell) => sum * 2 ** 32 + cell, 0);
