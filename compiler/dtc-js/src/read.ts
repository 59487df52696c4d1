import type { Value } from "./tree.ts";
import { wordAt } from "./words.ts";

/** The value as 32-bit cells; undefined unless its length is a multiple of 4. */
export function readCells(value: Value): readonly number[] | undefined {
  if (value.bytes.length % 4 !== 0) return undefined;
  return Array.from({ length: value.bytes.length / 4 }, (_, index) => wordAt(value.bytes, index * 4));
}

/** The value as 64-bit numbers; undefined unless its length is a multiple of 8. */
export function readU64s(value: Value): readonly bigint[] | undefined {
  if (value.bytes.length % 8 !== 0) return undefined;
  const words = readCells(value) ?? [];
  return Array.from({ length: words.length / 2 }, (_, index) => {
    return (BigInt(words[index * 2] ?? 0) << 32n) | BigInt(words[index * 2 + 1] ?? 0);
  });
}

/** The value as one 32-bit cell; undefined if it is anything else. */
export const readCell = (value: Value): number | undefined =>
  value.bytes.length === 4 ? wordAt(value.bytes, 0) : undefined;

/** The value as strings; undefined unless it is empty or ends in a NUL and is UTF-8. */
export function readStrings(value: Value): readonly string[] | undefined {
  if (value.bytes.length === 0) return [];
  if (value.bytes.at(-1) !== 0) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value.bytes.subarray(0, -1)).split("\0");
  } catch {
    return undefined;
  }
}

/** The value as exactly one string. */
export function readString(value: Value): string | undefined {
  const all = readStrings(value);
  return all?.length === 1 ? all[0] : undefined;
}
