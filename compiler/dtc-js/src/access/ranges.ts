import { getProperty, type Located } from "../find.ts";
import { failed, found, type Access } from "./answer.ts";
import { addressCells, entryOffsets, numberOf, sizeCells } from "./cells.ts";

/** Which way: what a processor sees of a bus, or what the bus's devices see of memory. */
export type RangesName = "ranges" | "dma-ranges";

export interface Range {
  /** First address on the bus below. */
  readonly child: bigint;
  /** First address on the bus above. */
  readonly parent: bigint;
  /** In bytes. */
  readonly size: bigint;
  /** Of the entry in the property, in bytes. */
  readonly offset: number;
}

/**
 * `ranges` or `dma-ranges` of a bus (Devicetree Specification 0.4, 2.3.8 and 2.3.9). Undefined where there is none, so
 * that nothing is mapped; an empty list where the addresses are the same on both sides.
 * Errors: `cells`, `length`.
 */
export function readRanges(bus: Located, name: RangesName = "ranges"): Access<readonly Range[] | undefined> {
  const property = getProperty(bus.node, name);
  if (!property) return found(undefined);
  const { bytes } = property.value;
  if (bytes.length === 0) return found([]);
  if (!bus.parent) return failed("cells", bus, name, 0, "there is no bus above the root");
  const child = addressCells(bus);
  if (!child.ok) return child;
  const parent = addressCells(bus.parent);
  if (!parent.ok) return parent;
  const size = sizeCells(bus);
  if (!size.ok) return size;
  const offsets = entryOffsets(bus, property, child.value + parent.value + size.value);
  if (!offsets.ok) return offsets;
  return found(
    offsets.value.map((offset) => {
      const second = offset + child.value * 4;
      return {
        child: numberOf(bytes, offset, child.value),
        parent: numberOf(bytes, second, parent.value),
        size: numberOf(bytes, second + parent.value * 4, size.value),
        offset,
      };
    }),
  );
}
