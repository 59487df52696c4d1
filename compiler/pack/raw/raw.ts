import { invariant } from "../../base/invariant.ts";
import { imageHeader, imageMagic } from "../../codecs/arm64-image.ts";
import { bootHeader, bootHeaderMagic, bootHeaderOffset, bootHeaderVersion } from "../../codecs/boot-header.ts";
import type { Piece } from "../../ir/artifact.ts";
import { pieceLength } from "../../ir/artifact.ts";
import type { PlacedSystem } from "../../ir/placed.ts";

/**
 * The one arm64 Image: the bytes of the placed image range, from the hypervisor to the last module, with zeros between
 * (the core's BSS among them). Pieces refer to the inputs: nothing large is copied.
 */
export function packRaw(placed: PlacedSystem, deviceTree: Uint8Array): readonly Piece[] {
  const { image, modules, resolved } = placed;
  const core = patchedCore(placed, resolved.hypervisor.image.file.bytes, deviceTree.length);
  const parts = [
    { at: placed.hypervisor.start - image.start, bytes: core },
    { at: placed.deviceTree.start - image.start, bytes: deviceTree },
    ...modules.map(({ at, file }) => ({ at: at.start - image.start, bytes: file.bytes })),
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

/** A copy of the core's image that knows what follows it. */
function patchedCore({ image, deviceTree }: PlacedSystem, original: Uint8Array, treeSize: number): Uint8Array {
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
      dtb_offset: deviceTree.start - image.start,
      dtb_size: treeSize,
    },
    core,
    bootHeaderOffset,
  );
  return core;
}
