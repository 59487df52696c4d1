import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordFormat } from "./record.ts";

const format = recordFormat(24, {
  tag: { at: 0, type: "bytes", length: 4 },
  count: { at: 4, type: "u32" },
  address: { at: 8, type: "u64" },
  kind: { at: 16, type: "u16" },
});

describe("a record", () => {
  test.prop([
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.nat({ max: 0xffff_ffff }),
    fc.maxSafeNat(),
    fc.nat({ max: 0xffff }),
    fc.nat({ max: 40 }),
  ])("decodes what it encoded, at any offset, and touches nothing else", (tag, count, address, kind, offset) => {
    const target = new Uint8Array(offset + format.size + 8).fill(0xaa);
    format.encode({ tag, count, address, kind }, target, offset);
    expect(format.decode(target, offset)).toEqual({ tag, count, address, kind });
    const outside = [...target.subarray(0, offset), ...target.subarray(offset + 18)];
    expect(outside.every((byte) => byte === 0xaa)).toBe(true);
  });

  it("has fields of one and two bytes, at odd places too", () => {
    const small = recordFormat(3, { one: { at: 0, type: "u8" }, two: { at: 1, type: "u16" } });
    const bytes = new Uint8Array(3);
    small.encode({ one: 255, two: 0xfffe }, bytes, 0);
    expect([...bytes]).toEqual([255, 0xfe, 0xff]);
    expect(small.decode(bytes, 0)).toEqual({ one: 255, two: 0xfffe });
    for (const value of [
      { one: 256, two: 0 },
      { one: 0, two: 2 ** 16 },
    ])
      expect(() => {
        small.encode(value, bytes, 0);
      }).toThrow("to fit");
  });

  it("refuses by name a number that does not fit", () => {
    const value = { tag: new Uint8Array(4), count: 2 ** 32, address: 0, kind: 0 };
    expect(() => {
      format.encode(value, new Uint8Array(24), 0);
    }).toThrow("count");
  });

  it("is not read beyond the end of the bytes", () => {
    expect(format.decode(new Uint8Array(23), 0)).toBeUndefined();
    expect(format.decode(new Uint8Array(24), 1)).toBeUndefined();
  });
});
