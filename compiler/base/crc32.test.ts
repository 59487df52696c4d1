import { crc32 as zlib } from "node:zlib";
import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { expect } from "vitest";
import { crc32 } from "./crc32.ts";

test.prop([fc.uint8Array()])("is zlib's", (bytes) => {
  expect(crc32(bytes)).toBe(zlib(bytes));
});
