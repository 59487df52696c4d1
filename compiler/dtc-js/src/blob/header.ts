import { BlobFault } from "./cursor.ts";
import {
  FDT_LAST_COMPATIBLE_VERSION,
  FDT_MAGIC,
  FDT_VERSION,
  Field,
  HEADER_SIZE_16,
  HEADER_SIZE_17,
  RESERVATION_SIZE,
} from "./format.ts";

/** Where the blocks are, `[start, end)` from the blob's start; proven to lie inside the blob. */
export interface Header {
  readonly version: number;
  readonly totalSize: number;
  readonly bootCpuid: number;
  readonly reservations: { readonly start: number; readonly end: number };
  readonly structure: { readonly start: number; readonly end: number };
  readonly strings: { readonly start: number; readonly end: number };
}

/** Bytes of the header: version 2 added the boot CPU, 3 the size of the strings, 17 that of the structure. */
const headerSize = (version: number): number =>
  version >= 17 ? HEADER_SIZE_17 : version >= 3 ? HEADER_SIZE_16 : version === 2 ? 32 : 28;

export function readHeader(blob: Uint8Array): Header {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (blob.length >= 4 && view.getUint32(Field.magic) !== FDT_MAGIC) {
    throw new BlobFault("bad-magic", Field.magic, "not a device tree blob: it does not begin with d0 0d fe ed");
  }
  if (blob.length < headerSize(1)) throw tooShort(blob);
  const version = checkVersion(view);
  const size = headerSize(version);
  if (blob.length < size) throw tooShort(blob);
  const totalSize = view.getUint32(Field.totalsize);
  if (totalSize > blob.length) {
    const message = `the header says ${totalSize} bytes, but there are ${blob.length}`;
    throw new BlobFault("truncated", Field.totalsize, message);
  }
  if (totalSize < size) {
    throw new BlobFault("bad-header", Field.totalsize, `a total size of ${totalSize} does not hold the header`);
  }
  const bootCpuid = version >= 2 ? view.getUint32(Field.bootCpuidPhys) : 0;
  return { version, totalSize, bootCpuid, ...blocks(view, version, totalSize) };
}

const tooShort = (blob: Uint8Array): BlobFault =>
  new BlobFault("truncated", blob.length, `the blob has ${blob.length} bytes, less than its header`);

function checkVersion(view: DataView): number {
  const version = view.getUint32(Field.version);
  const compatible = view.getUint32(Field.lastCompVersion);
  if (compatible > FDT_VERSION) {
    const message = `only readers of version ${compatible} or later can read this blob`;
    throw new BlobFault("unsupported-version", Field.lastCompVersion, message);
  }
  if (version < 1 || (version > 3 && version < FDT_LAST_COMPATIBLE_VERSION)) {
    throw new BlobFault("unsupported-version", Field.version, `there is no version ${version}`);
  }
  return version;
}

/** Alignment: 5.6 of the specification (reservations by 8 bytes, structure by 4). */
function blocks(
  view: DataView,
  version: number,
  totalSize: number,
): Pick<Header, "reservations" | "structure" | "strings"> {
  const least = headerSize(version);
  const place = (field: number, align: number, size: number, what: string): number => {
    const start = view.getUint32(field);
    if (start < least || size > totalSize - start) {
      throw new BlobFault("out-of-bounds", field, `the ${what} at ${start} lies outside of the blob`);
    }
    if (start % align !== 0) {
      throw new BlobFault("misaligned", field, `the ${what} at ${start} is not aligned to ${align} bytes`);
    }
    return start;
  };
  const structureSize = version >= 17 ? view.getUint32(Field.sizeDtStruct) : undefined;
  const stringsSize = version >= 3 ? view.getUint32(Field.sizeDtStrings) : undefined;
  const reservations = place(Field.offMemRsvmap, 8, RESERVATION_SIZE, "memory reservation block");
  const structure = place(Field.offDtStruct, 4, structureSize ?? 4, "structure block");
  const strings = place(Field.offDtStrings, 1, stringsSize ?? 0, "strings block");
  const end = (start: number, size: number | undefined): number => (size === undefined ? totalSize : start + size);
  return {
    reservations: { start: reservations, end: totalSize },
    structure: { start: structure, end: end(structure, structureSize) },
    strings: { start: strings, end: end(strings, stringsSize) },
  };
}
