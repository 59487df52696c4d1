import fc from "fast-check";
import { expect, it } from "vitest";
import { ByteStore } from "./byte-store.ts";

it("gives zeros each time, and what is put there stays, whatever is put elsewhere", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 40 }), (sizes) => {
      const store = new ByteStore();
      const taken = sizes.map(([length, value]) => {
        const bytes = store.take(length);
        expect(bytes.every((byte) => byte === 0)).toBe(true);
        return bytes.fill(value);
      });
      sizes.forEach(([length, value], index) => {
        expect(taken[index]?.length).toBe(length);
        expect(taken[index]?.every((byte) => byte === value)).toBe(true);
      });
    }),
  );
});

it("small values share a buffer, and a large one has its own, of its size", () => {
  const store = new ByteStore();
  const [first, large, second] = [4, 5000, 4].map((length) => store.take(length));
  expect(second?.buffer).toBe(first?.buffer);
  expect(large?.buffer.byteLength).toBe(5000);
});
