import type { DeviceTree, Property } from "dtc-js";
import { cells, getProperty, property, readCell } from "dtc-js";
import { invariant } from "../base/invariant.ts";
import type { Range } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { GiB } from "../base/units.ts";

/**
 * `xen,static-heap` of /chosen, which is read with the root's cells and not with those of /chosen
 * (xen/docs/misc/arm/device-tree/booting.txt). Where a size has one cell, long ranges are given in pieces.
 */
export function staticHeapProperty(tree: DeviceTree, heap: readonly Range<PhysAddr>[]): Property {
  // Devicetree Specification 0.4, 2.3.5: the defaults.
  const address = rootCells(tree, "#address-cells") ?? 2;
  const size = rootCells(tree, "#size-cells") ?? 1;
  const pieces = size === 1 ? heap.flatMap(inPieces) : heap;
  const numbers = pieces.flatMap((each) => [...inCells(each.start, address), ...inCells(each.size, size)]);
  return property("xen,static-heap", cells(...numbers));
}

function rootCells({ root }: DeviceTree, name: string): number | undefined {
  const found = getProperty(root, name);
  return found && readCell(found.value);
}

/** As much as one cell takes and stays aligned. */
const longest = GiB(2);

const inPieces = ({ start, size }: Range<PhysAddr>): readonly Range<number>[] =>
  Array.from({ length: Math.ceil(size / longest) }, (_, index) => ({
    start: start + index * longest,
    size: Math.min(longest, size - index * longest),
  }));

function inCells(value: number, count: number): readonly number[] {
  const numbers = Array.from({ length: count }, (_, index) => Math.floor(value / 2 ** (32 * (count - 1 - index))));
  invariant((numbers[0] ?? 0) < 2 ** 32, "an address of RAM to fit the root's cells");
  return numbers.map((number) => number % 2 ** 32);
}
