import { readFileSync } from "node:fs";
import { test } from "@fast-check/vitest";
import { encode } from "dtc-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Piece } from "../../ir/artifact.ts";
import { lower } from "../../lower/lower.ts";
import { realDigest } from "../../testing/keys.ts";
import { joinPieces } from "../../testing/outputs.ts";
import { files, kernelImage, placedSystem } from "../../testing/system.ts";
import { bootHeader, imagePart } from "../../codecs/boot-header.ts";
import { imageHeader } from "../../codecs/arm64-image.ts";
import { packRaw } from "./raw.ts";
import { readRaw } from "./read.ts";

const sha256 = (pieces: readonly Piece[]): string => realDigest("sha256", pieces);
const placed = await placedSystem();
const tree = encode(lower(placed).systemTree);
const image = Uint8Array.from(joinPieces(packRaw(placed, tree, sha256)));

describe("image.bin", () => {
  it("is an arm64 Image that claims the whole range", () => {
    expect(image.length).toBe(placed.image.size);
    expect(imageHeader.decode(image, 0)).toMatchObject({ image_size: image.length, text_offset: 0 });
  });

  it("reads back as what went in", () => {
    const read = readRaw(image);
    if (read.kind !== "image") throw new Error(JSON.stringify(read));
    expect(read.image.linkAddress).toBe(placed.image.start);
    const { deviceTree, modules } = read.image;
    expect(image.subarray(deviceTree.start, deviceTree.start + deviceTree.size)).toEqual(tree);
    const contents = modules.map(({ kind, at }) => [kind, image.slice(at.start, at.start + at.size)]);
    expect(contents).toEqual([
      ["kernel", files.Image],
      ["ramdisk", files["rootfs.cpio"]],
      ["kernel", files.Image2],
    ]);
  });

  it("has the device tree and each module in a table of parts, and the table in the core's header", () => {
    const read = readRaw(image);
    if (read.kind !== "image") throw new Error(JSON.stringify(read));
    const { deviceTree, modules, table, tableSha256, parts } = read.image;
    expect(table.start).toBe(Math.ceil((deviceTree.start + tree.length) / 8) * 8);
    const hashed = (at: { start: number; size: number }): string =>
      sha256([image.subarray(at.start, at.start + at.size)]);
    expect(tableSha256).toBe(hashed(table));
    expect(parts).toEqual([deviceTree, ...modules.map(({ at }) => at)].map((at) => ({ at, sha256: hashed(at) })));
  });

  it.each([
    ["no", 0],
    ["half an entry of a", 24],
    ["a table that ends behind the file, a", 48 * 2 ** 20],
  ])("is broken with %s table of parts", (_, size) => {
    const altered = image.slice();
    new DataView(altered.buffer).setBigUint64(112, BigInt(size), true);
    expect(readRaw(altered)).toMatchObject({ kind: "broken", reason: expect.stringContaining("its parts") as string });
  });

  /** What its reader says after a change of 8-byte fields, by their offsets. */
  function brokenBy(...fields: readonly (readonly [number, number])[]): unknown {
    const altered = image.slice();
    for (const [at, value] of fields) new DataView(altered.buffer).setBigUint64(at, BigInt(value), true);
    return readRaw(altered);
  }
  const header = bootHeader.decode(image, 64);
  if (header === undefined) throw new Error("no boot header");
  const { total_size: total, dtb_offset: treeAt, link_address: link } = header;
  const tableAt = Math.ceil((treeAt + tree.length) / 8) * 8;
  const moduleAt = Math.min(...placed.modules.map(({ at }) => at.start)) - placed.image.start;

  it.each([
    ["a boot header of another version", [[72, 3 + 88 * 2 ** 32]], "version 3 of 88 bytes"],
    ["a boot header of another size", [[72, 2 + 96 * 2 ** 32]], "version 2 of 96 bytes"],
    ["a size that is not the file's", [[88, total + 1]], "the boot header counts"],
    ["two sizes", [[16, total + 1]], "image_size and"],
    ["a device tree behind its end", [[96, total + 8]], "the device tree lies outside"],
    ["a device tree that ends behind it", [[104, total - treeAt + 1]], "the device tree lies outside"],
    ["a table that ends behind it", [[112, Math.ceil(total / 48) * 48]], "the table of its parts lies outside"],
    ["modules in front of it", [[80, link + total]], "lies outside of the file"],
    ["modules behind it", [[80, link - total]], "lies outside of the file"],
    ["a module in its table", [[80, link + moduleAt - tableAt]], "on each other"],
  ] as const)("is broken with %s", (_, fields, reason) => {
    expect(brokenBy(...fields)).toEqual({ kind: "broken", reason: expect.stringContaining(reason) as string });
  });

  it("leaves the core's own file as it was", () => {
    expect(bootHeader.decode(files["core.img"], 64)?.total_size).toBe(0);
  });

  it("is told from a bare core and from another Image", () => {
    expect(readRaw(files["core.img"])).toMatchObject({ kind: "bare", core: true });
    expect(readRaw(kernelImage())).toMatchObject({ kind: "bare", core: false });
    expect(readRaw(tree)).toEqual({ kind: "not-an-image" });
  });

  it("is broken when cut short", () => {
    expect(readRaw(image.subarray(0, image.length - 1))).toMatchObject({ kind: "broken" });
  });

  test.prop([fc.nat({ max: 0x98 }), fc.nat({ max: 255 })])("never makes its reader throw", (offset, byte) => {
    const altered = image.slice();
    altered[offset] = byte;
    expect(readRaw(altered).kind).toMatch(/^(image|bare|broken|not-an-image)$/);
  });
});

describe("the boot header", () => {
  const source = readFileSync(new URL("../../../hypervisor/include/xi/boot_header.h", import.meta.url), "utf8");

  it("has its fields where the core has them", () => {
    const offsets = [...source.matchAll(/offsetof\(struct xi_boot_header, (\w+)\) == (\d+)/g)];
    expect(offsets.length).toBeGreaterThan(0);
    const fields: Readonly<Record<string, { readonly at: number }>> = bootHeader.fields;
    for (const [, name = "", offset] of offsets) expect([name, fields[name]?.at]).toEqual([name, Number(offset)]);
    expect(source).toContain(`sizeof(struct xi_boot_header) == ${bootHeader.size}`);
    const parts = [...source.matchAll(/offsetof\(struct xi_image_part, (\w+)\) == (\d+)/g)];
    expect(parts.map(([, name, at]) => [name, Number(at)])).toEqual([
      ["size", imagePart.fields.size.at],
      ["sha256", imagePart.fields.sha256.at],
    ]);
    expect(source).toContain(`sizeof(struct xi_image_part) == ${imagePart.size}`);
  });
});
