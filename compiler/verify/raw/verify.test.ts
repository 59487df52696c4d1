import { test } from "@fast-check/vitest";
import { encode } from "dtc-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex } from "../../base/hex.ts";
import type { Piece } from "../../ir/artifact.ts";
import { lower } from "../../lower/lower.ts";
import { packRaw } from "../../pack/raw/raw.ts";
import type { RawImage } from "../../pack/raw/read.ts";
import { describeRaw, readRaw } from "../../pack/raw/read.ts";
import { realDigest } from "../../testing/keys.ts";
import { joinPieces } from "../../testing/outputs.ts";
import { placedSystem } from "../../testing/system.ts";
import { describeRawTrust, verifyRaw } from "./verify.ts";

const sha256 = (pieces: readonly Piece[]): string => realDigest("sha256", pieces);
const placed = await placedSystem();
const image = Uint8Array.from(joinPieces(packRaw(placed, encode(lower(placed).systemTree), sha256)));
const sound = read(image);

function read(bytes: Uint8Array): RawImage {
  const found = readRaw(bytes);
  if (found.kind !== "image") throw new Error(JSON.stringify(found));
  return found.image;
}

/** What `verify` says of the image after a change. */
function messages(change: (bytes: Uint8Array) => void): readonly string[] {
  const bytes = image.slice();
  change(bytes);
  return verifyRaw(bytes, read(bytes), sha256).map(({ code, message }) => `${code}: ${message}`);
}

const flip = (at: number) => (bytes: Uint8Array) => {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
};

/** A change of the table that the core's header follows. */
const withTable = (change: (table: DataView) => void) => (bytes: Uint8Array) => {
  const { start, size } = sound.table;
  change(new DataView(bytes.buffer, start, size));
  bytes.set(fromHex(sha256([bytes.subarray(start, start + size)])), 120);
};

describe("verifying image.bin", () => {
  it("accepts what was packed, and says what it rests on", () => {
    expect(messages(() => undefined)).toEqual([]);
    expect(describeRawTrust(sound)).toContain("of the device tree and of 3 modules");
  });

  it("XI6090: names the module that was changed", () => {
    for (const { path, at } of sound.modules)
      for (const offset of [at.start, at.start + at.size - 1])
        expect(messages(flip(offset))).toEqual([
          `XI6090: ${path} does not have the SHA-256 that the table of parts says`,
        ]);
  });

  it("XI6090: sees a changed device tree and a changed table", () => {
    const text = Buffer.from(image).indexOf("console=ttyAMA0");
    expect(messages(flip(text))).toEqual([
      "XI6090: the device tree does not have the SHA-256 that the table of parts says",
    ]);
    expect(messages(flip(sound.table.start + 20))).toEqual([
      "XI6090: the table of parts does not have the SHA-256 that the core's header says",
    ]);
    expect(messages(flip(120))).toHaveLength(1);
  });

  it("XI6091: sees a table of another image", () => {
    const wider = withTable((table) => {
      table.setBigUint64(56, table.getBigUint64(56, true) + 1n, true);
    });
    const kernel = sound.modules[0]?.at.start.toString(16) ?? "";
    expect(messages(wider)).toEqual([
      expect.stringMatching(`^XI6091: .*module@.* at 0x${kernel} is not in it`),
      expect.stringMatching(`^XI6091: .*what it has at 0x${kernel} is neither`),
    ]);
  });

  it("believes the first of two entries for one place, as the core does", () => {
    const wrong = sound.parts.slice(1, 2).map(({ at }) => ({ at, sha256: "0".repeat(64) }));
    expect(verifyRaw(image, { ...sound, parts: [...sound.parts, ...wrong] }, sha256)).toEqual([]);
    expect(verifyRaw(image, { ...sound, parts: [...wrong, ...sound.parts] }, sha256)).toHaveLength(1);
  });

  it("XI6092: sees a byte that belongs to nothing", () => {
    const end = sound.table.start + sound.table.size;
    expect(messages(flip(end))).toEqual([
      `XI6092: the byte at 0x${end.toString(16)} belongs to no part, and is not zero`,
    ]);
    expect(messages(flip(image.length - 1))[0]).toMatch(/^XI6092/);
  });

  const covered = sound.deviceTree.start;
  test.prop([fc.integer({ min: covered, max: image.length - 1 }), fc.nat({ max: 7 })], { numRuns: 40 })(
    "refuses any flipped bit from the device tree on",
    (at, bit) => {
      const bytes = image.slice();
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      const found = readRaw(bytes);
      expect(found.kind === "image" ? verifyRaw(bytes, found.image, sha256).length : 1).toBeGreaterThan(0);
    },
  );
});

describe("describing image.bin", () => {
  it("lists each part with its SHA-256", () => {
    const text = describeRaw(sound);
    for (const { sha256: digest } of sound.parts) expect(text).toContain(`    sha256 ${digest}\n`);
    expect(text).not.toContain("not in the table");
    expect(describeRaw({ ...sound, parts: sound.parts.slice(1) })).toContain("not in the table of parts");
  });
});
