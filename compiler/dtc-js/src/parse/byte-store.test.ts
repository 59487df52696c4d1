import fc from "fast-check";
import { expect, it } from "vitest";
import { Writer } from "../blob/writer.ts";
import { ByteStore } from "./byte-store.ts";

const kept = (store: ByteStore, data: Uint8Array): Uint8Array => {
  const writer = new Writer(8);
  writer.bytes(data);
  return store.copy(writer);
};

it("what was put in stays as it was, whatever comes after", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 40 }), (sizes) => {
      const store = new ByteStore();
      const given = sizes.map(([length, value]) => new Uint8Array(length).fill(value));
      const values = given.map((data) => kept(store, data));
      given.forEach((data, index) => {
        expect(Buffer.compare(data, values[index] ?? new Uint8Array(1))).toBe(0);
      });
    }),
  );
});

it("small values share a buffer, and a large one has its own, of its size", () => {
  const store = new ByteStore();
  const [first, large, second] = [4, 5000, 4].map((length) => kept(store, new Uint8Array(length)));
  expect(second?.buffer).toBe(first?.buffer);
  expect(large?.buffer.byteLength).toBe(5000);
});
