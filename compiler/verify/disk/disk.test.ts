import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/crc32.ts";
import type { Piece } from "../../ir/artifact.ts";
import { diskImage } from "../../pack/disk/disk.ts";
import { realDigest } from "../../testing/keys.ts";
import { joinPieces } from "../../testing/outputs.ts";
import { readDisk } from "./read.ts";
import { strayByte } from "./verify.ts";

const MiB = 2 ** 20;
const sha256 = (pieces: readonly Piece[]): string => realDigest("sha256", pieces);
const file = (path: string, size: number, fill: number) => ({ path, pieces: [new Uint8Array(size).fill(fill)] });
const files = [
  file("boot.scr", 1000, 1),
  file("modules/a-kernel", 70_000, 2),
  file("modules/a-ramdisk", 0, 0),
  file("EFI/BOOT/BOOTAA64.EFI", 5_000, 3),
];
const disk = joinPieces(diskImage(files, { name: "board", time: 1_700_000_000, sha256 }));

/** What verify says of a disk that may be any bytes: undefined where it is sound. */
function verdict(bytes: Uint8Array): string | undefined {
  const read = readDisk([bytes]);
  if (read.kind !== "disk") return read.kind;
  const { files: found, name, time } = read.disk;
  const stray = strayByte([bytes], diskImage(found, { name, time, sha256 }));
  return stray === undefined ? undefined : `stray byte at ${stray}`;
}

/** `disk` with a bit flipped, for as long as `use` takes: a copy of 35 MiB each time would be most of the test. */
function withFlip<T>(bit: number, use: (bytes: Uint8Array) => T): T {
  const at = bit >> 3;
  const before = disk.readUInt8(at);
  disk.writeUInt8(before ^ (1 << (bit & 7)), at);
  try {
    return use(disk);
  } finally {
    disk.writeUInt8(before, at);
  }
}

/** Numbers from 0 to below 1, the same each time. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const fat = MiB + 32 * 512;
const fatSectors = disk.readUInt32LE(MiB + 36);
const data = fat + 2 * fatSectors * 512;

describe("a disk", () => {
  it("reads back as what went on it, whatever pieces it comes in", () => {
    const cut = [disk.subarray(0, 3), { zeros: 0 }, disk.subarray(3, data + 700), disk.subarray(data + 700)];
    for (const pieces of [[disk], cut]) {
      const read = readDisk(pieces);
      if (read.kind !== "disk") throw new Error(JSON.stringify(read));
      expect(read.disk).toMatchObject({ name: "board", label: "BOARD", time: 1_700_000_000 });
      const found = new Map(read.disk.files.map(({ path, pieces: bytes }) => [path, joinPieces(bytes)]));
      expect([...found.keys()].sort()).toEqual(files.map(({ path }) => path).sort());
      for (const { path, pieces: bytes } of files) expect(found.get(path)?.equals(joinPieces(bytes))).toBe(true);
    }
    expect(verdict(disk)).toBeUndefined();
  });

  it("is refused with any of 1,000 bits flipped", () => {
    const numbers = random(6301);
    // Half of them anywhere, half where something is written.
    const written = [
      0,
      34 * 512,
      MiB,
      MiB + 4096,
      fat,
      fat + 2000,
      data,
      data + 90_000,
      disk.length - 33 * 512,
      disk.length,
    ];
    const flips = Array.from({ length: 1000 }, (_, index) => {
      const at = numbers.next().value;
      if (index % 2 === 0) return Math.floor(at * disk.length * 8);
      const region = (index % 5) * 2;
      const [from = 0, to = 0] = written.slice(region, region + 2);
      return Math.floor((from + at * (to - from)) * 8);
    });
    expect(flips.filter((bit) => withFlip(bit, verdict) === undefined)).toEqual([]);
  }, 240_000);

  it.each([0, 511, 512, MiB - 1, MiB, MiB + 512, data, disk.length - 512, disk.length - 1])(
    "is refused when cut to %i bytes",
    (length) => {
      expect(verdict(disk.subarray(0, length))).toMatch(/^(not-a-disk|broken)$/);
    },
  );

  it("is refused with bytes behind it", () => {
    expect(verdict(Buffer.concat([disk, Buffer.alloc(512)]))).toBe("broken");
  });

  const word = fc.record({
    region: fc.constantFrom<readonly [number, number]>(
      [512, 92],
      [1024, 128],
      [MiB, 90],
      [fat, 1200],
      [data, 512],
      [data + 512, 2048],
    ),
    where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    value: fc.oneof(fc.constantFrom(0, 1, 0xffff_ffff, 0x7fff_ffff, 2, 3), fc.nat({ max: 0xffff_ffff })),
  });
  /** The checksums of the first table as they must be, so that readers come to what is behind. */
  function resealed(bytes: Buffer): void {
    bytes.writeUInt32LE(crc32(bytes.subarray(1024, 1024 + 16384)), 512 + 88);
    bytes.writeUInt32LE(0, 512 + 16);
    bytes.writeUInt32LE(crc32(bytes.subarray(512, 512 + 92)), 512 + 16);
  }
  test.prop([fc.array(word, { minLength: 1, maxLength: 8 })], { numRuns: 200 })(
    "of hostile numbers is refused, and never makes its reader throw",
    (words) => {
      const before = Buffer.from(disk.subarray(0, data + 4096));
      const tail = Buffer.from(disk.subarray(disk.length - 33 * 512));
      try {
        for (const { region, where, value } of words)
          disk.writeUInt32LE(value, region[0] + Math.floor(where * region[1]));
        resealed(disk);
        // The second table agrees with whatever the first one says of partitions.
        disk.copy(disk, disk.length - 33 * 512, 1024, 1024 + 16384);
        const changed = !before.equals(disk.subarray(0, before.length));
        if (changed) expect(verdict(disk)).toMatch(/^(not-a-disk|broken|stray byte)/);
      } finally {
        before.copy(disk, 0);
        tail.copy(disk, disk.length - 33 * 512);
      }
    },
  );
});
