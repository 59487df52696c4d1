import { getProperty, type Located } from "../find.ts";
import { failed, found, type Access } from "./answer.ts";
import { addressCells, entryOffsets, numberOf, sizeCells } from "./cells.ts";

export interface RegEntry {
  /** On the bus that the node stands on; all cells as one number, so that PCI's has three. */
  readonly address: bigint;
  /** In bytes; 0 where the bus has no size cells. */
  readonly size: bigint;
  /** Of the entry in the property, in bytes. */
  readonly offset: number;
}

/**
 * `reg`, with the cells of the parent (Devicetree Specification 0.4, 2.3.6). Empty where there is none.
 * Errors: `cells`, `length`.
 */
export function readReg(at: Located): Access<readonly RegEntry[]> {
  const reg = getProperty(at.node, "reg");
  if (!reg) return found([]);
  if (!at.parent) return failed("cells", at, "reg", 0, "the root stands on no bus");
  const address = addressCells(at.parent);
  if (!address.ok) return address;
  const size = sizeCells(at.parent);
  if (!size.ok) return size;
  const { bytes } = reg.value;
  const offsets = entryOffsets(at, reg, address.value + size.value);
  if (!offsets.ok) return offsets;
  return found(
    offsets.value.map((offset) => ({
      address: numberOf(bytes, offset, address.value),
      size: numberOf(bytes, offset + address.value * 4, size.value),
      offset,
    })),
  );
}
