import { getProperty, type Located } from "../find.ts";
import { readCells } from "../read.ts";
import type { Property } from "../tree.ts";
import { failed, found, type Access } from "./answer.ts";
import { cellsOf } from "./cells.ts";
import { readTarget } from "./phandles.ts";

/** So many nodes an interrupt or a specifier is handed on at most; more are a loop. Boards have three or four. */
export const MAX_HOPS = 64;

/** A row of a map: what it is for, and where that leads. */
export interface Row {
  readonly key: readonly number[];
  readonly target: Located;
  /** The target's cells. */
  readonly cells: readonly number[];
  readonly offset: number;
}

/**
 * The first row whose key is `wanted`, as far as the mask looks. `width` says how many cells a target takes.
 * Errors: `length`, `phandle`, `unmapped`, and those of `width`.
 */
export function findRow(
  at: Located,
  map: Property,
  wanted: readonly number[],
  mask: readonly number[],
  width: (target: Located) => Access<number>,
): Access<Row> {
  const { bytes } = map.value;
  for (let offset = 0; offset < bytes.length;) {
    const after = offset + wanted.length * 4;
    if (after + 4 > bytes.length) return failed("length", at, map.name, offset, "the last row is cut short");
    const target = readTarget(at, map, after);
    if (!target.ok) return target;
    if (!target.value) return failed("phandle", at, map.name, after, "a row leads to no node");
    const count = width(target.value);
    if (!count.ok) return count;
    const end = after + 4 + count.value * 4;
    if (end > bytes.length) return failed("length", at, map.name, offset, "the last row is cut short");
    const key = cellsOf(bytes, offset, wanted.length);
    if (key.every((cell, index) => ((cell ^ (wanted[index] ?? 0)) & (mask[index] ?? 0)) === 0)) {
      return found({ key, target: target.value, cells: cellsOf(bytes, after + 4, count.value), offset });
    }
    offset = end;
  }
  const shown = wanted.map((cell) => `0x${cell.toString(16)}`).join(" ");
  return failed("unmapped", at, map.name, 0, `no row is for <${shown}>`);
}

/** A mask of so many cells; each is `absent` where the property is missing. Errors: `length`. */
export function readMask(at: Located, name: string, count: number, absent: number): Access<readonly number[]> {
  const property = getProperty(at.node, name);
  if (!property) return found(new Array<number>(count).fill(absent));
  const cells = readCells(property.value);
  if (cells?.length !== count) return failed("length", at, name, 0, `${name} does not have ${count} cells`);
  return found(cells);
}
