import { expect, it } from "vitest";
import { cpio } from "./cpio.ts";

it("writes each entry's header, name and data, padded to four bytes, and a trailer", () => {
  const bytes = new TextEncoder().encode("hello");
  const archive = Buffer.from(
    cpio([
      { kind: "folder", path: "bin" },
      { kind: "file", path: "bin/a", bytes, mode: 0o755 },
      { kind: "character-device", path: "c", major: 5, minor: 1 },
    ]),
  );
  const text = archive.toString("latin1");
  const numbers = (...values: readonly number[]): string =>
    `070701${values.map((value) => value.toString(16).padStart(8, "0")).join("")}`;
  expect(text).toBe(
    [
      `${numbers(1, 0o040755, 0, 0, 2, 0, 0, 0, 0, 0, 0, 4, 0)}bin\0\0\0`,
      `${numbers(2, 0o100755, 0, 0, 1, 0, 5, 0, 0, 0, 0, 6, 0)}bin/a\0hello\0\0\0`,
      `${numbers(3, 0o020600, 0, 0, 1, 0, 0, 0, 0, 5, 1, 2, 0)}c\0`,
      `${numbers(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 11, 0)}TRAILER!!!\0\0\0\0`,
    ].join(""),
  );
  expect(archive.length % 4).toBe(0);
});
