/**
 * The 64-byte header of an arm64 Image, little endian (Linux, Documentation/arch/arm64/booting.rst):
 * 8 text_offset, 16 image_size, 24 flags (bit 0: big endian), 56 magic "ARM\x64", 60 offset of a PE header or 0.
 */
export interface ImageHeader {
  readonly textOffset: number;
  /** Bytes in memory from the load address, BSS included; 0 in images older than Linux 3.17. */
  readonly imageSize: number;
  readonly littleEndian: boolean;
  /** Bytes that the file must have, as far as its headers say. */
  readonly fileSize: number;
}

export const imageHeaderSize = 64;
const imageMagic = 0x644d_5241;

/** Undefined for what is no arm64 Image. */
export function readImageHeader(file: Uint8Array): ImageHeader | undefined {
  if (file.length < imageHeaderSize) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(56, true) !== imageMagic) return undefined;
  const imageSize = Number(view.getBigUint64(16, true));
  return {
    // Kernels that leave image_size 0 mean this offset, whatever the field says.
    textOffset: imageSize === 0 ? 0x8_0000 : Number(view.getBigUint64(8, true)),
    imageSize,
    littleEndian: (view.getUint8(24) & 1) === 0,
    fileSize: Math.max(imageHeaderSize, peFileSize(view, view.getUint32(60, true))),
  };
}

/**
 * Where the last section of the PE file ends that an EFI stub makes of an Image (PE format, "COFF File Header",
 * "Section Table"): the one place where an Image says how long its file is. 0 without a PE header.
 */
function peFileSize(view: DataView, pe: number): number {
  const coffSize = 24;
  if (pe === 0 || pe + coffSize > view.byteLength || view.getUint32(pe, true) !== 0x0000_4550) return 0;
  const sections = view.getUint16(pe + 6, true);
  const table = pe + coffSize + view.getUint16(pe + 20, true);
  const ends = Array.from({ length: sections }, (_, index) => {
    const entry = table + index * 40;
    if (entry + 40 > view.byteLength) return entry + 40;
    return view.getUint32(entry + 16, true) + view.getUint32(entry + 20, true);
  });
  return Math.max(0, ...ends);
}
