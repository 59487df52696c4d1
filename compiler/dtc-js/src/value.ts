import type { Marker, Reference, Value, ValueType } from "./tree.ts";
import { putWord } from "./words.ts";

/** A phandle reference for `cells`: `ref("gic")` or `ref("/soc/gic@8000000")`. */
export interface PhandleRef {
  readonly ref: Reference;
}
export const ref = (target: Reference): PhandleRef => ({ ref: target });

/** What an unresolved phandle cell holds; never a valid phandle (Devicetree Specification 0.4, 2.3.3). */
export const UNRESOLVED_PHANDLE = 0xffff_ffff;

/** A property that only has a name. */
export const empty: Value = Object.freeze({ bytes: new Uint8Array(0), markers: Object.freeze([]) });

const typed = (type: ValueType, bytes: Uint8Array, refs: readonly Marker[] = []): Value => ({
  bytes,
  markers: [{ kind: "type", offset: 0, type }, ...refs],
});

/** `<1 2 &gic>`: 32-bit big-endian cells. Negative numbers are stored in two's complement. */
export function cells(...items: readonly (number | PhandleRef)[]): Value {
  const bytes = new Uint8Array(items.length * 4);
  const refs: Marker[] = [];
  items.forEach((item, index) => {
    if (typeof item === "number") {
      if (!Number.isInteger(item) || item < -0x8000_0000 || item > 0xffff_ffff) {
        throw new RangeError(`a cell holds 32 bits, not ${item}`);
      }
      putWord(bytes, index * 4, item);
    } else {
      putWord(bytes, index * 4, UNRESOLVED_PHANDLE);
      refs.push({ kind: "phandle", offset: index * 4, target: item.ref });
    }
  });
  return typed("uint32", bytes, refs);
}

/** `<0x0 0x40000000>`: each number as two cells, high first, as `reg` with two address cells wants it. */
export function cells64(...items: readonly (number | bigint)[]): Value {
  return typed("uint32", bytesOf64(items));
}

/** `/bits/ 64 <…>`: the same bytes as `cells64`, printed as 64-bit numbers. */
export function u64(...items: readonly (number | bigint)[]): Value {
  return typed("uint64", bytesOf64(items));
}

function bytesOf64(items: readonly (number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(items.length * 8);
  items.forEach((item, index) => {
    const value = BigInt(item);
    if (value < -(2n ** 63n) || value >= 2n ** 64n) throw new RangeError(`a 64-bit value cannot hold ${item}`);
    putWord(bytes, index * 8, Number(BigInt.asUintN(32, value >> 32n)));
    putWord(bytes, index * 8 + 4, Number(BigInt.asUintN(32, value)));
  });
  return bytes;
}

/** `"a", "b"`: each string in UTF-8 with its NUL. */
export function strings(...items: readonly string[]): Value {
  return concat(...items.map((item) => typed("string", new TextEncoder().encode(`${item}\0`))));
}

/** `[01 02]` */
export const bytes = (data: Uint8Array | readonly number[]): Value => typed("uint8", Uint8Array.from(data));

/** `&label` outside of `<>`: the full path of the target as a string. */
export const path = (target: Reference): Value => ({
  bytes: new Uint8Array(0),
  markers: [
    { kind: "type", offset: 0, type: "string" },
    { kind: "path", offset: 0, length: 0, target },
  ],
});

/** Bytes of which nothing is known: the printer guesses their type, as it does for a blob's. They are not copied. */
export const raw = (data: Uint8Array): Value => ({ bytes: data, markers: [] });

/** `a, b`: one value after the other. */
export const concat = (...values: readonly Value[]): Value => join(values);

/** The same of a list, which may be longer than a call's arguments. */
export function join(values: readonly Value[]): Value {
  const bytes = new Uint8Array(values.reduce((sum, value) => sum + value.bytes.length, 0));
  const markers: Marker[] = [];
  let offset = 0;
  for (const value of values) {
    bytes.set(value.bytes, offset);
    for (const marker of value.markers) markers.push({ ...marker, offset: marker.offset + offset });
    offset += value.bytes.length;
  }
  return { bytes, markers };
}
