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
  readonly totalSize: number;
  readonly bootCpuid: number;
  readonly reservations: { readonly start: number; readonly end: number };
  readonly structure: { readonly start: number; readonly end: number };
  readonly strings: { readonly start: number; readonly end: number };
}

export function readHeader(blob: Uint8Array): Header {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (blob.length >= 4 && view.getUint32(Field.magic) !== FDT_MAGIC) {
    throw new BlobFault("bad-magic", Field.magic, "not a device tree blob: it does not begin with d0 0d fe ed");
  }
  if (blob.length < HEADER_SIZE_16) {
    throw new BlobFault("truncated", blob.length, `the blob has ${blob.length} bytes, less than its header`);
  }
  const version = checkVersion(view);
  const headerSize = version >= FDT_VERSION ? HEADER_SIZE_17 : HEADER_SIZE_16;
  const totalSize = view.getUint32(Field.totalsize);
  if (totalSize > blob.length) {
    const message = `the header says ${totalSize} bytes, but there are ${blob.length}`;
    throw new BlobFault("truncated", Field.totalsize, message);
  }
  if (totalSize < headerSize) {
    throw new BlobFault("bad-header", Field.totalsize, `a total size of ${totalSize} does not hold the header`);
  }
  return { totalSize, bootCpuid: view.getUint32(Field.bootCpuidPhys), ...blocks(view, headerSize, totalSize) };
}

function checkVersion(view: DataView): number {
  const version = view.getUint32(Field.version);
  const compatible = view.getUint32(Field.lastCompVersion);
  if (compatible > FDT_VERSION) {
    const message = `only readers of version ${compatible} or later can read this blob`;
    throw new BlobFault("unsupported-version", Field.lastCompVersion, message);
  }
  if (version < FDT_LAST_COMPATIBLE_VERSION) {
    throw new BlobFault("unsupported-version", Field.version, `version ${version} is older than 16`);
  }
  return version;
}

/** Alignment: 5.6 of the specification (reservations by 8 bytes, structure by 4). */
function blocks(
  view: DataView,
  headerSize: number,
  totalSize: number,
): Pick<Header, "reservations" | "structure" | "strings"> {
  const place = (field: number, align: number, least: number, what: string): number => {
    const start = view.getUint32(field);
    if (start < headerSize || least > totalSize - start) {
      throw new BlobFault("out-of-bounds", field, `the ${what} at ${start} lies outside of the blob`);
    }
    if (start % align !== 0) {
      throw new BlobFault("misaligned", field, `the ${what} at ${start} is not aligned to ${align} bytes`);
    }
    return start;
  };
  const sized = headerSize === HEADER_SIZE_17;
  const structureSize = sized ? view.getUint32(Field.sizeDtStruct) : undefined;
  const stringsSize = view.getUint32(Field.sizeDtStrings);
  const reservations = place(Field.offMemRsvmap, 8, RESERVATION_SIZE, "memory reservation block");
  const structure = place(Field.offDtStruct, 4, structureSize ?? 4, "structure block");
  const strings = place(Field.offDtStrings, 1, stringsSize, "strings block");
  return {
    reservations: { start: reservations, end: totalSize },
    structure: { start: structure, end: structureSize === undefined ? totalSize : structure + structureSize },
    strings: { start: strings, end: strings + stringsSize },
  };
}
