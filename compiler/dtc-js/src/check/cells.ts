import { getProperty } from "../find.ts";
import { latin1 } from "../latin1.ts";
import { readCell } from "../read.ts";
import type { Node, Property } from "../tree.ts";
import { wordAt } from "../words.ts";

/** The one cell of a property; undefined where there is none or it is something else. */
export function cellOf(node: Node, name: string): number | undefined {
  const property = getProperty(node, name);
  return property && readCell(property.value);
}

/** Devicetree Specification 0.4, 2.3.5: 2 address cells and 1 size cell where the parent says nothing. */
export const addressCells = (node: Node): number => cellOf(node, "#address-cells") ?? 2;
export const sizeCells = (node: Node): number => cellOf(node, "#size-cells") ?? 1;

/** The cell at an index, and 0 behind the end. */
export const cellAt = ({ value }: Property, index: number): number =>
  index * 4 + 4 <= value.bytes.length ? wordAt(value.bytes, index * 4) : 0;

/** The low 64 bits of a number of so many cells. */
export function numberAt(property: Property, index: number, count: number): bigint {
  let number = 0n;
  for (let at = index; at < index + count; at++) number = (number << 32n) | BigInt(cellAt(property, at));
  return BigInt.asUintN(64, number);
}

/** What stands behind the "@" of a name; undefined without one. */
export function unitAddress({ name }: Node): string | undefined {
  const at = name.indexOf("@");
  return at < 0 ? undefined : name.slice(at + 1);
}

/** The strings of a property, read as dtc reads them: whatever stands between NULs. */
export function stringsOf(property: Property | undefined): readonly string[] {
  if (!property || property.value.bytes.at(-1) !== 0) return [];
  return latin1(property.value.bytes.subarray(0, 4096)).split("\0");
}

/** A C compiler's int. */
export const signed = (cell: number): number => cell | 0;
