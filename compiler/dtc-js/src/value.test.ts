import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCell, readCells, readString, readStrings, readU64s } from "./read.ts";
import { bytes, cells, cells64, concat, empty, raw, strings, u64 } from "./value.ts";

const octets = (...items: number[]): Uint8Array => Uint8Array.from(items);

describe("values", () => {
  it("are big-endian", () => {
    expect(cells(1, 0xfffffffe).bytes).toEqual(octets(0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe));
    expect(u64(0x1_0000_0002).bytes).toEqual(octets(0, 0, 0, 1, 0, 0, 0, 2));
    expect(cells64(0x1_0000_0002).bytes).toEqual(octets(0, 0, 0, 1, 0, 0, 0, 2));
    expect(strings("a", "é").bytes).toEqual(octets(0x61, 0, 0xc3, 0xa9, 0));
    expect(bytes([1, 2]).bytes).toEqual(octets(1, 2));
  });

  it("take negative numbers in two's complement, and nothing that does not fit", () => {
    expect(readCells(cells(-1, -0x8000_0000))).toEqual([0xffff_ffff, 0x8000_0000]);
    expect(readU64s(u64(-1))).toEqual([2n ** 64n - 1n]);
    for (const item of [2 ** 32, -(2 ** 31) - 1, 0.5, NaN]) expect(() => cells(item)).toThrow(RangeError);
    for (const item of [2n ** 64n, -(2n ** 63n) - 1n, 0.5]) expect(() => u64(item)).toThrow(RangeError);
  });

  it("are read as they were made", () => {
    const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const text = fc.string({ unit: "grapheme" }).map((any) => any.replaceAll("\0", ""));
    fc.assert(
      fc.property(fc.array(u32), fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), fc.array(text), (a, b, c) => {
        expect(readCells(cells(...a))).toEqual(a);
        expect(readU64s(u64(...b))).toEqual(b);
        expect(readStrings(strings(...c))).toEqual(c);
      }),
    );
  });

  it("say so when they are something else", () => {
    expect(readCells(raw(octets(1, 2, 3)))).toBeUndefined();
    expect(readU64s(cells(1))).toBeUndefined();
    expect(readCell(cells(1, 2))).toBeUndefined();
    expect(readCell(cells(7))).toBe(7);
    expect(readStrings(raw(octets(0x61)))).toBeUndefined();
    expect(readStrings(raw(octets(0xff, 0)))).toBeUndefined();
    expect(readStrings(empty)).toEqual([]);
    expect(readString(strings("a", "b"))).toBeUndefined();
    expect(readString(strings("a"))).toBe("a");
  });

  it("are put together with their markers moved", () => {
    const value = concat(cells(1), strings("x"));
    expect(value.bytes).toEqual(octets(0, 0, 0, 1, 0x78, 0));
    expect(value.markers.map(({ offset }) => offset)).toEqual([0, 4]);
  });
});
