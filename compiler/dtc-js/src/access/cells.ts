import { getProperty, type Located } from "../find.ts";
import { readCell } from "../read.ts";
import type { Property } from "../tree.ts";
import { wordAt } from "../words.ts";
import { failed, found, type Access } from "./answer.ts";

/**
 * More cells than any binding has for one address, size or specifier. A count beyond it is a mistake, and would make
 * numbers of any length.
 */
const MAX_CELLS = 64;

/** A `#…-cells` property; `absent` is what holds where there is none. */
export function cellCount(at: Located, name: string, absent?: number): Access<number> {
  const property = getProperty(at.node, name);
  if (!property) return absent === undefined ? failed("cells", at, name, 0, `there is no ${name}`) : found(absent);
  const count = readCell(property.value);
  if (count === undefined) return failed("cells", at, name, 0, `${name} is not one cell`);
  if (count > MAX_CELLS) return failed("cells", at, name, 0, `${count} cells are more than ${MAX_CELLS}`);
  return found(count);
}

/** Devicetree Specification 0.4, 2.3.5: what holds for the children of a node that does not say. */
export const addressCells = (bus: Located): Access<number> => cellCount(bus, "#address-cells", 2);
export const sizeCells = (bus: Located): Access<number> => cellCount(bus, "#size-cells", 1);

/** The number in so many cells, high cell first; 0 of none. */
export function numberOf(bytes: Uint8Array, offset: number, count: number): bigint {
  let number = 0n;
  for (let at = offset; at < offset + count * 4; at += 4) number = (number << 32n) | BigInt(wordAt(bytes, at));
  return number;
}

/** So many cells from an offset. */
export const cellsOf = (bytes: Uint8Array, offset: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => wordAt(bytes, offset + index * 4));

/** Where entries of so many cells begin. Errors: `length`, where the bytes are no whole number of them. */
export function entryOffsets(at: Located, { name, value }: Property, cells: number): Access<readonly number[]> {
  const { length } = value.bytes;
  const width = cells * 4;
  const count = width === 0 ? 0 : Math.floor(length / width);
  if (count * width !== length) {
    return failed("length", at, name, count * width, `${length} bytes are not a multiple of ${width}`);
  }
  return found(Array.from({ length: count }, (_, index) => index * width));
}
