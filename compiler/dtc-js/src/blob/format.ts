/** Numbers of the flattened format: Devicetree Specification 0.4, chapter 5. All fields are big-endian. */
export const FDT_MAGIC = 0xd00d_feed;
export const FDT_VERSION = 17;
export const FDT_LAST_COMPATIBLE_VERSION = 16;

/** Versions of the format that were ever in use. */
export type Version = 1 | 2 | 3 | 16 | 17;
export const versions: readonly Version[] = [1, 2, 3, 16, 17];

/** The oldest version that a reader may know and still read this one. */
export const lastCompatible = (version: Version): Version => (version < 16 ? 1 : FDT_LAST_COMPATIBLE_VERSION);

/** Structure block tokens (5.4.1). */
export const Token = { beginNode: 1, endNode: 2, prop: 3, nop: 4, end: 9 } as const;

/** Byte offsets of the header's fields (5.2). Version 16 ends before sizeDtStruct. */
export const Field = {
  magic: 0,
  totalsize: 4,
  offDtStruct: 8,
  offDtStrings: 12,
  offMemRsvmap: 16,
  version: 20,
  lastCompVersion: 24,
  bootCpuidPhys: 28,
  sizeDtStrings: 32,
  sizeDtStruct: 36,
} as const;

export const HEADER_SIZE_16 = 36;
export const HEADER_SIZE_17 = 40;
/** One entry of the memory reservation block (5.3): two 64-bit numbers. */
export const RESERVATION_SIZE = 16;

/** `value` is never near 2^53 here. */
export const alignUp = (value: number, align: number): number => Math.ceil(value / align) * align;
