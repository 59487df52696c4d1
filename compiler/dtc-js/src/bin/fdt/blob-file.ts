import { decode } from "../../blob/decode.ts";
import { Field } from "../../blob/format.ts";
import type { BlobErrorCode } from "../../blob/error.ts";
import type { DeviceTree } from "../../tree.ts";
import { Exit } from "../command.ts";
import type { Host } from "../host.ts";
import { FileError } from "../reasons.ts";
import { textOf } from "./types.ts";

/** What libfdt calls the ways in which a blob can be bad. */
const names: Readonly<Record<BlobErrorCode, string>> = {
  truncated: "FDT_ERR_TRUNCATED",
  "bad-magic": "FDT_ERR_BADMAGIC",
  "unsupported-version": "FDT_ERR_BADVERSION",
  "bad-header": "FDT_ERR_BADSTRUCTURE",
  misaligned: "FDT_ERR_ALIGNMENT",
  "out-of-bounds": "FDT_ERR_BADOFFSET",
  "bad-token": "FDT_ERR_BADSTRUCTURE",
  "bad-string": "FDT_ERR_BADSTRUCTURE",
  "bad-structure": "FDT_ERR_BADSTRUCTURE",
  "overlapping-names": "FDT_ERR_BADSTRUCTURE",
  "too-deep": "FDT_ERR_BADSTRUCTURE",
};

/** Ends the command: something is wrong at a node, a property or a file. */
export function failAt(what: string, code: string): never {
  throw new Exit(1, `Error at '${what}': ${code}\n`);
}

export function readBytes(host: Host, path: string, more = ""): Uint8Array {
  try {
    return host.read(path);
  } catch (fault) {
    if (fault instanceof FileError) throw new Exit(1, `Couldn't open blob from '${path}': ${fault.reason}\n${more}`);
    throw fault;
  }
}

/** Writes a blob, or ends the command. */
export function writeBlob(host: Host, path: string, blob: Uint8Array, more = ""): void {
  try {
    host.write(path, blob);
  } catch (fault) {
    if (fault instanceof FileError) throw new Exit(1, `Couldn't write blob to '${path}': ${fault.reason}\n${more}`);
    throw fault;
  }
}

export interface BlobFile {
  readonly tree: DeviceTree;
  /** Of the strings block, in its order. */
  readonly names: readonly string[];
  readonly version: number;
}

/** The tree in a file; `where` is what an error names. */
export function readTree(host: Host, path: string, where: string): BlobFile {
  const read = decodeFile(readBytes(host, path));
  return typeof read === "string" ? failAt(where, read) : read;
}

/** What is in a blob, or what libfdt calls the reason that it cannot be read. */
export function decodeFile(bytes: Uint8Array): BlobFile | string {
  // What is too short for a header is first of all no blob.
  if (bytes.length < 4) return names["bad-magic"];
  const decoded = decode(bytes);
  if (!decoded.ok) return names[decoded.diagnostics[0].code];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = view.getUint32(Field.offDtStrings);
  const version = view.getUint32(Field.version);
  const size = version >= 3 ? view.getUint32(Field.sizeDtStrings) : 0;
  const strings = textOf(bytes.subarray(start, start + size)).split("\0");
  return { tree: decoded.value, names: strings.slice(0, -1), version };
}
