import type { DeviceTree, Property } from "dtc-js";
import { cells, getProperty, property, readCell } from "dtc-js";
import { rangesInCells } from "../base/cells.ts";
import { invariant } from "../base/invariant.ts";
import type { Range } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";

/**
 * `xen,static-heap` of /chosen, which is read with the root's cells and not with those of /chosen
 * (xen/docs/misc/arm/device-tree/booting.txt). Where a size has one cell, long ranges are given in pieces.
 */
export function staticHeapProperty(tree: DeviceTree, heap: readonly Range<PhysAddr>[]): Property {
  // Devicetree Specification 0.4, 2.3.5: the defaults.
  const address = rootCells(tree, "#address-cells") ?? 2;
  const size = rootCells(tree, "#size-cells") ?? 1;
  const numbers = rangesInCells(heap, { address, size });
  invariant(numbers !== undefined, "addresses of RAM to fit the root's cells");
  return property("xen,static-heap", cells(...numbers));
}

function rootCells({ root }: DeviceTree, name: string): number | undefined {
  const found = getProperty(root, name);
  return found && readCell(found.value);
}
