import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { freeOf, lowestFit, without } from "./free.ts";
import type { Range } from "./ranges.ts";

const range = fc.record({ start: fc.nat(60), size: fc.nat(20) });
const ranges = fc.array(range, { maxLength: 8 });
/** The slow way: a set of bytes. */
const bytesOf = (all: readonly Range<number>[]): ReadonlySet<number> =>
  new Set(all.flatMap(({ start, size }) => Array.from({ length: size }, (_, index) => start + index)));

describe("free ranges", () => {
  property.prop([ranges, ranges])("are what was given less what was taken, sorted and apart", (given, taken) => {
    const free = taken.reduce(without<number>, freeOf(given));
    const expected = [...bytesOf(given)].filter((byte) => !bytesOf(taken).has(byte)).sort((a, b) => a - b);
    expect([...bytesOf(free)]).toEqual(expected);
    for (const { size } of free) expect(size).toBeGreaterThan(0);
  });

  property.prop([ranges, fc.integer({ min: 1, max: 20 }), fc.constantFrom(1, 2, 4, 8)])(
    "give the lowest aligned place, as trying each address does",
    (given, size, align) => {
      const bytes = bytesOf(given);
      const fits = (start: number): boolean =>
        Array.from({ length: size }, (_, index) => start + index).every((byte) => bytes.has(byte));
      const lowest = Array.from({ length: 100 }, (_, start) => start).find(
        (start) => start % align === 0 && fits(start),
      );
      expect(lowestFit(freeOf(given), size, align)?.start).toBe(lowest);
    },
  );

  it("that touch are one", () => {
    expect(
      freeOf([
        { start: 4, size: 4 },
        { start: 0, size: 4 },
      ]),
    ).toEqual([{ start: 0, size: 8 }]);
  });
});
