import { cells, deviceTree, property, readCells } from "dtc-js";
import { describe, expect, it } from "vitest";
import { GiB, KiB, MiB, physAddr } from "../base/units.ts";
import { staticHeapProperty } from "./static-heap.ts";

function heapCells(rootCells: readonly [string, number][], ...heap: readonly [number, number][]): readonly number[] {
  const tree = deviceTree({ properties: rootCells.map(([name, count]) => property(name, cells(count))) });
  const ranges = heap.map(([start, size]) => ({ start: physAddr(start), size }));
  return readCells(staticHeapProperty(tree, ranges).value) ?? [];
}

const root = (address: number, size: number): readonly [string, number][] => [
  ["#address-cells", address],
  ["#size-cells", size],
];

describe("the static heap", () => {
  it("is written in the root's cells", () => {
    expect(heapCells(root(2, 2), [GiB(32), GiB(5)])).toEqual([8, 0, 1, 0x4000_0000]);
    expect(heapCells(root(2, 1), [GiB(32), MiB(1)])).toEqual([8, 0, 0x10_0000]);
    expect(heapCells(root(1, 1), [0x4000_0000, MiB(1)])).toEqual([0x4000_0000, 0x10_0000]);
    expect(heapCells(root(3, 2), [0x4000_0000, MiB(1)])).toEqual([0, 0, 0x4000_0000, 0, 0x10_0000]);
  });

  it("has the specification's cells where the root says nothing", () => {
    expect(heapCells([], [GiB(4), MiB(1)])).toEqual([1, 0, 0x10_0000]);
  });

  it("comes in pieces where a size has one cell, and then no more than it needs", () => {
    const long = heapCells(root(2, 1), [GiB(4), GiB(4) + KiB(64)], [GiB(16), GiB(2)]);
    expect(long).toEqual([1, 0, 0x8000_0000, 1, 0x8000_0000, 0x8000_0000, 2, 0, 0x1_0000, 4, 0, 0x8000_0000]);
  });
});
