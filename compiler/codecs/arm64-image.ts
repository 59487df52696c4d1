import { recordFormat } from "../base/record.ts";

/** "ARM\x64", read as a little-endian number. */
export const imageMagic = 0x644d_5241;

/** The header of an arm64 kernel image, little endian (Linux, Documentation/arch/arm64/booting.rst). */
export const imageHeader = recordFormat(64, {
  code: { at: 0, type: "bytes", length: 8 },
  text_offset: { at: 8, type: "u64" },
  image_size: { at: 16, type: "u64" },
  /** Bit 0: big endian. */
  flags: { at: 24, type: "u64" },
  reserved: { at: 32, type: "bytes", length: 24 },
  magic: { at: 56, type: "u32" },
  /** Offset of a PE header, or 0. */
  pe_offset: { at: 60, type: "u32" },
});

/** What the header means for whoever loads the file. */
export interface ImageFacts {
  /** Bytes from a 2 MiB boundary: hypervisors follow the field even where image_size is 0. */
  readonly textOffset: number;
  /** Bytes in memory from the load address, BSS included; 0 in images older than Linux 3.17. */
  readonly imageSize: number;
  readonly littleEndian: boolean;
  /** Whether EFI firmware can start it. */
  readonly efiStub: boolean;
  /** Bytes that the file must have, as far as its headers say. */
  readonly fileSize: number;
}

/** Undefined for what is no arm64 Image. */
export function readImageHeader(file: Uint8Array): ImageFacts | undefined {
  const header = imageHeader.decode(file, 0);
  if (header?.magic !== imageMagic) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return {
    textOffset: header.text_offset,
    imageSize: header.image_size,
    littleEndian: header.flags % 2 === 0,
    efiStub: view.getUint16(0, true) === 0x5a4d && header.pe_offset !== 0,
    fileSize: Math.max(imageHeader.size, peFileSize(view, header.pe_offset)),
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
