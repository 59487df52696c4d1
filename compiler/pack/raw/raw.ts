import { invariant } from "../../base/invariant.ts";
import { imageHeader, imageMagic } from "../../codecs/arm64-image.ts";
import { fromHex } from "../../base/hex.ts";
import {
  bootHeader,
  bootHeaderMagic,
  bootHeaderOffset,
  bootHeaderVersion,
  imagePart,
  partTableStart,
} from "../../codecs/boot-header.ts";
import type { Piece } from "../../ir/artifact.ts";
import { pieceLength } from "../../ir/artifact.ts";
import type { Sha256 } from "../../ir/host.ts";
import type { PlacedSystem } from "../../ir/placed.ts";

interface Part {
  /** From the image's first byte. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * The one arm64 Image: the bytes of the placed image range, from the hypervisor to the last module, with zeros between
 * (the core's BSS among them). Pieces refer to the inputs: nothing large is copied. The core's header has the SHA-256 of
 * a table behind the device tree, the table that of the device tree and of each module.
 */
export function packRaw(placed: PlacedSystem, deviceTree: Uint8Array, sha256: Sha256): readonly Piece[] {
  const { image, modules, resolved } = placed;
  const tree = { at: placed.deviceTree.start - image.start, bytes: deviceTree };
  const covered = [tree, ...modules.map(({ at, file }) => ({ at: at.start - image.start, bytes: file.bytes }))];
  const table = partTable(covered, sha256);
  const core = patchedCore(placed, resolved.hypervisor.image.file.bytes, tree, table, sha256);
  const parts = [
    { at: placed.hypervisor.start - image.start, bytes: core },
    { at: partTableStart(tree.at, deviceTree.length), bytes: table },
    ...covered,
  ].sort((a, b) => a.at - b.at);
  const pieces: Piece[] = [];
  let end = 0;
  for (const { at, bytes } of parts) {
    invariant(at >= end, "parts of the image that do not overlap");
    if (at > end) pieces.push({ zeros: at - end });
    pieces.push(bytes);
    end = at + bytes.length;
  }
  if (end < image.size) pieces.push({ zeros: image.size - end });
  invariant(pieces.reduce((sum, piece) => sum + pieceLength(piece), 0) === image.size, "the image to fill its range");
  return pieces;
}

function partTable(parts: readonly Part[], sha256: Sha256): Uint8Array {
  const table = new Uint8Array(parts.length * imagePart.size);
  for (const [index, { at, bytes }] of parts.entries())
    imagePart.encode(
      { offset: at, size: bytes.length, sha256: fromHex(sha256([bytes])) },
      table,
      index * imagePart.size,
    );
  return table;
}

/** A copy of the core's image that knows what follows it. */
function patchedCore(
  { image }: PlacedSystem,
  original: Uint8Array,
  tree: Part,
  table: Uint8Array,
  sha256: Sha256,
): Uint8Array {
  // Not slice(): Node's Buffer, which files are read into, overrides it to share the memory.
  const core = Uint8Array.from(original);
  const header = imageHeader.decode(core, 0);
  invariant(header?.magic === imageMagic, "an arm64 Image header in the core");
  imageHeader.encode({ ...header, image_size: image.size }, core, 0);
  bootHeader.encode(
    {
      magic: bootHeaderMagic,
      version: bootHeaderVersion,
      header_size: bootHeader.size,
      link_address: image.start,
      total_size: image.size,
      dtb_offset: tree.at,
      dtb_size: tree.bytes.length,
      table_size: table.length,
      table_sha256: fromHex(sha256([table])),
    },
    core,
    bootHeaderOffset,
  );
  return core;
}
