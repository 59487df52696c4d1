import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSumOf, wordSum } from "./checksum.ts";

/** Word by word, the carry added at once. */
function slowly(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum + bytes.length;
}

describe("CheckSum", () => {
  test.prop([fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), fc.nat({ max: 3 })])(
    "is the same, whatever pieces the file is in and wherever they lie",
    (pieces, shift) => {
      let at = 0;
      let sum = 0;
      for (const piece of pieces) {
        const elsewhere = new Uint8Array(piece.length + shift);
        elsewhere.set(piece, shift);
        sum += wordSum(elsewhere.subarray(shift), at);
        at += piece.length;
      }
      expect(checkSumOf(sum, at)).toBe(slowly(new Uint8Array(Buffer.concat(pieces))));
    },
  );

  it("holds the sum of megabytes of ones exactly", () => {
    const ones = new Uint8Array(5 * 2 ** 20 + 3).fill(0xff);
    expect(checkSumOf(wordSum(ones, 0), ones.length)).toBe(slowly(ones));
  });
});
