import type { DeviceTree } from "dtc-js";
import { encodePieces } from "dtc-js";
import { joinBytes } from "../../base/join-bytes.ts";
import { alignUp } from "../../base/units.ts";

/**
 * Files behind a FIT's tree in place of inside it (U-Boot, doc/usage/fit/source_file_format.rst, "external data"), where
 * mkimage 2023.01 was seen to put them: one behind the other, each from a multiple of `align` on, the last one filled
 * up, too. Offsets count from the end of the tree, whose total size is a multiple as well.
 */
export interface DataPlacement {
  /** In bytes, a power of two from `leastAlign` to `mostAlign`. */
  readonly align: number;
  /** Where in the file the first one lies, in bytes; absent: right behind the tree. Nodes have positions then. */
  readonly position?: number;
}

/** U-Boot looks from the next multiple of 4 behind the tree on. */
export const leastAlign = 4;
export const mostAlign = 2 ** 20;

/** Offset of each file from the first one. */
export function dataOffsets(sizes: readonly number[], align: number): readonly number[] {
  let at = 0;
  return sizes.map((size) => {
    const start = at;
    at = alignUp(at + size, align);
    return start;
  });
}

/** Bytes, or a run of zeros. */
type Piece = Uint8Array | { readonly zeros: number };

/** How long the tree is with what fills it up. */
export function treeSize(tree: DeviceTree, align: number): number {
  const size = encodePieces(tree).reduce((sum, { length }) => sum + length, 0);
  return alignUp(size, align);
}

/** The file: tree and files with what lies between. Undefined where the tree reaches beyond the first file's position. */
export function externalPieces(
  tree: DeviceTree,
  files: readonly Uint8Array[],
  { align, position }: DataPlacement,
): readonly Piece[] | undefined {
  const blob = joinBytes(encodePieces(tree));
  const total = alignUp(blob.length, align);
  // The header's total size (Devicetree Specification 0.4, 5.2).
  new DataView(blob.buffer, blob.byteOffset).setUint32(4, total);
  const start = position ?? total;
  if (start < total) return undefined;
  const filled = files.flatMap((file) => [file, { zeros: alignUp(file.length, align) - file.length }]);
  return [blob, { zeros: start - blob.length }, ...filled];
}
