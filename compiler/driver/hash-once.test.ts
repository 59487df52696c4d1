import { expect, it } from "vitest";
import type { Piece } from "../ir/artifact.ts";
import { hashOnce } from "./hash-once.ts";

it("asks once for each algorithm, array of bytes and list of pieces", () => {
  const asked: (readonly Piece[])[] = [];
  const digest = hashOnce((_, pieces) => String(asked.push(pieces)));
  const hash = (pieces: readonly Piece[]): string => digest("sha256", pieces);
  const [one, other] = [new Uint8Array(3), new Uint8Array(3)];
  const list = [one, other];
  expect([hash([one]), hash([one]), hash([other]), hash(list), hash(list), hash([one])]).toEqual([
    "1",
    "1",
    "2",
    "3",
    "3",
    "1",
  ]);
  expect(digest("sha512", [one])).toBe("4");
  expect(asked).toEqual([[one], [other], list, [one]]);
});
