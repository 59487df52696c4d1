import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Piece } from "../../ir/artifact.ts";
import { sizeOf } from "../../ir/artifact.ts";
import { withDisk } from "../../testing/disk-tools.ts";
import { realDigest } from "../../testing/keys.ts";
import { joinPieces } from "../../testing/outputs.ts";
import { diskImage } from "./disk.ts";
import type { DiskFile } from "./files.ts";

const MiB = 2 ** 20;
const sha256 = (pieces: readonly Piece[]): string => realDigest("sha256", pieces);
const options = { name: "board-debug", time: 0, sha256 };
const text = (path: string, content: string): DiskFile => ({ path, pieces: [new TextEncoder().encode(content)] });
const some: readonly DiskFile[] = [
  text("boot.scr", "a script"),
  text("hypervisor.img", "x".repeat(5000)),
  { path: "modules/ui-kernel", pieces: [new Uint8Array(3).fill(7), { zeros: 2000 }, new Uint8Array(600).fill(9)] },
  text("modules/ui-ramdisk", ""),
  text("EFI/BOOT/BOOTAA64.EFI", "MZ"),
  text("domains/a.b+c/passthrough.dtb", "a tree"),
];

describe("disk.img", () => {
  it("is a GPT in the eyes of sgdisk, with one named EFI system partition", () => {
    withDisk(diskImage(some, options), ({ sgdisk }) => {
      expect(sgdisk("-v")).toMatchObject({ code: 0, output: expect.stringContaining("No problems found.") as unknown });
      const { output } = sgdisk("-i", "1");
      expect(output).toContain("C12A7328-F81F-11D2-BA4B-00A0C93EC93B (EFI system partition)");
      expect(output).toContain("First sector: 2048 (at 1024.0 KiB)");
      expect(output).toContain("Partition name: 'board-debug'");
    });
  });

  it("is a FAT32 without a fault in the eyes of fsck, as long as its partition", () => {
    const disk = diskImage(some, options);
    const size = sizeOf({ pieces: disk }) - 2 * MiB;
    withDisk(disk, ({ fsck }) => {
      const { code, output } = fsck(MiB, size);
      expect([code, output]).toEqual([0, expect.stringContaining("12 files")]);
      expect(output).toContain("2 FATs, 32 bit entries");
      expect(output).toContain(`${size / 512} sectors total`);
      expect(output).not.toMatch(/differences|wrong|error|dirty|invalid/i);
    });
  });

  it("gives back each file by mcopy, under its long name", () => {
    withDisk(diskImage(some, options), ({ copyOut, mtools }) => {
      for (const { path, pieces } of some)
        expect([path, Buffer.from(copyOut(MiB, path)).equals(joinPieces(pieces))]).toEqual([path, true]);
      expect(mtools("mlabel", MiB, "-s", "::").output).toContain("Volume label is BOARD-DEBUG");
      const listed = mtools("mdir", MiB, "-/", "-b", "::").output.trim().split("\n").sort();
      const folders = ["EFI/", "EFI/BOOT/", "domains/", "domains/a.b+c/", "modules/"];
      expect(listed).toEqual([...folders, ...some.map(({ path }) => path)].map((path) => `::/${path}`).sort());
      expect(mtools("mdir", MiB, "::").output).toMatch(/1980-01-01/);
    });
  });

  it("says the moment that it is told", () => {
    withDisk(diskImage(some, { ...options, time: Date.UTC(2024, 1, 29, 12, 34, 56) / 1000 }), ({ mtools }) => {
      expect(mtools("mdir", MiB, "::").output).toMatch(/2024-02-29 +12:34/);
    });
  });

  it("is the same of the same files in any order, and has another identity of others", () => {
    const of = (files: readonly DiskFile[]): Buffer => joinPieces(diskImage(files, options));
    const first = of(some);
    expect(of(some.toReversed()).equals(first)).toBe(true);
    const other = of([...some.slice(1), text("boot.scr", "A script")]);
    const identity = (bytes: Buffer): string[] => [
      bytes.subarray(512 + 56, 512 + 72).toString("hex"),
      bytes.subarray(1024 + 16, 1024 + 32).toString("hex"),
      bytes.subarray(MiB + 67, MiB + 71).toString("hex"),
    ];
    for (const [index, part] of identity(other).entries()) expect(part).not.toBe(identity(first)[index]);
  });

  it("copies no file", () => {
    const large = new Uint8Array(3 * MiB).fill(1);
    expect(diskImage([{ path: "large", pieces: [large] }], options)).toContain(large);
  });

  it("has larger clusters where it is larger, and is FAT32 still", () => {
    const files = [{ path: "large", pieces: [{ zeros: 300 * MiB }] }, ...some];
    const disk = diskImage(files, { ...options, sha256: () => "00".repeat(32) });
    withDisk(disk, ({ fsck, copyOut }) => {
      const { code, output } = fsck(MiB, sizeOf({ pieces: disk }) - 2 * MiB);
      expect([code, output]).toEqual([0, expect.stringContaining("4096 bytes per cluster")]);
      expect(copyOut(MiB, "EFI/BOOT/BOOTAA64.EFI").length).toBe(2);
    });
  });

  const name = fc.stringMatching(/^[A-Za-z][\w.+-]{0,40}$/).filter((found) => !found.endsWith("."));
  const names = fc.uniqueArray(name, { selector: (found) => found.toLowerCase(), minLength: 1, maxLength: 40 });
  test.prop([names, fc.nat({ max: 3000 })], { numRuns: 10 })("holds files of whatever names", (found, size) => {
    const files = found.map((each, index) => ({
      path: index % 3 === 0 ? `in/${each}` : each,
      pieces: [new Uint8Array((size * (index + 1)) % 3001).fill(index)],
    }));
    const unique = files.filter(({ path }) => path !== "in" && path.toLowerCase() !== "in");
    const disk = diskImage(unique, options);
    withDisk(disk, ({ fsck, copyOut }) => {
      const { code, output } = fsck(MiB, sizeOf({ pieces: disk }) - 2 * MiB);
      expect([code, output]).toEqual([0, expect.not.stringMatching(/duplicate|differences|wrong|bad/i)]);
      for (const { path, pieces } of unique.slice(0, 5))
        expect(Buffer.from(copyOut(MiB, path)).equals(joinPieces(pieces))).toBe(true);
    });
  });
});
