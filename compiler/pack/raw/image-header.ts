import { recordFormat } from "../record.ts";

/** "ARM\x64", read as a little-endian number. */
export const imageMagic = 0x644d_5241;

/** The header of an arm64 kernel image (Linux Documentation/arm64/booting.rst). */
export const imageHeader = recordFormat(64, {
  code: { at: 0, type: "bytes", length: 8 },
  text_offset: { at: 8, type: "u64" },
  image_size: { at: 16, type: "u64" },
  flags: { at: 24, type: "u64" },
  reserved: { at: 32, type: "bytes", length: 24 },
  magic: { at: 56, type: "u32" },
  pe_offset: { at: 60, type: "u32" },
});
