import type { Located, Node, Value } from "dtc-js";
import { cells, cells64, concat, getProperty, readCell, readCells } from "dtc-js";
import type { Range } from "../base/ranges.ts";
import { physAddr } from "../base/units.ts";
import type { PhysAddr } from "../base/units.ts";

/** Above this an address is no address that Arm has, and a double would round it. */
const addressLimit = 2 ** 52;

/** Devicetree Specification 0.4, 2.3.5: the defaults where a parent says nothing. */
export const addressCells = (node: Node): number => cellOf(node, "#address-cells") ?? 2;
export const sizeCells = (node: Node): number => cellOf(node, "#size-cells") ?? 1;

function cellOf(node: Node, name: string): number | undefined {
  const property = getProperty(node, name);
  return property && readCell(property.value);
}

/** Tuples of numbers of so many cells each; undefined if the value does not divide into them. */
export function tuples(
  node: Node,
  name: string,
  widths: readonly number[],
): readonly (readonly number[])[] | undefined {
  const property = getProperty(node, name);
  const cells = property && readCells(property.value);
  const width = widths.reduce((sum, each) => sum + each, 0);
  if (cells === undefined || width === 0 || cells.length % width !== 0) return undefined;
  return Array.from({ length: cells.length / width }, (_, index) => {
    let at = index * width;
    return widths.map((each) => {
      const value = cells.slice(at, at + each).reduce((high, low) => high * 2 ** 32 + low, 0);
      at += each;
      return value;
    });
  });
}

/**
 * The node's `reg` as the CPUs see it: through the `ranges` of each bus above it. Undefined where there is none that
 * the CPUs can reach or that makes sense.
 */
export function regOf({ node, parent }: Located): readonly Range<PhysAddr>[] | undefined {
  if (parent === undefined || sizeCells(parent.node) === 0) return undefined;
  const entries = tuples(node, "reg", [addressCells(parent.node), sizeCells(parent.node)]);
  const translated = entries?.map(([start = 0, size = 0]) => ({ start: translate(parent, start), size }));
  if (translated === undefined) return undefined;
  const usable = translated.every(({ start, size }) => start !== undefined && start + size <= addressLimit);
  return usable ? translated.map(({ start, size }) => ({ start: physAddr(start ?? 0), size })) : undefined;
}

/** The node's `ranges` with its parent's addresses as the CPUs see them, in two cells each; undefined where it has none. */
export function rangesOf({ node, parent }: Located): Value | undefined {
  const property = getProperty(node, "ranges");
  if (property === undefined || parent === undefined || property.value.bytes.length === 0) return property?.value;
  const width = addressCells(node);
  const entries = tuples(node, "ranges", [width, addressCells(parent.node), sizeCells(node)]) ?? [];
  const windows = entries.flatMap(([child = 0, above = 0, size = 0]) => {
    const start = translate(parent, above);
    return start === undefined ? [] : [[child, start, size] as const];
  });
  return concat(
    ...windows.flatMap(([child, start, size]) => [wide(child, width), cells64(start), wide(size, sizeCells(node))]),
  );
}

/** A number in so many cells. */
const wide = (number: number, width: number): Value => (width === 1 ? cells(number) : cells64(number));

function translate(bus: Located, address: number): number | undefined {
  let here: Located = bus;
  let at = address;
  while (here.parent) {
    const property = getProperty(here.node, "ranges");
    // The hypervisor reads /reserved-memory in the root's addresses, whether its `ranges` says so or is forgotten.
    if (property === undefined && here.path !== "/reserved-memory") return undefined;
    if (property !== undefined && property.value.bytes.length > 0) {
      const widths = [addressCells(here.node), addressCells(here.parent.node), sizeCells(here.node)];
      const window = tuples(here.node, "ranges", widths)?.find(
        ([child = 0, , size = 0]) => child <= at && at < child + size,
      );
      if (window === undefined) return undefined;
      at = at - (window[0] ?? 0) + (window[1] ?? 0);
    }
    here = here.parent;
  }
  return at;
}
