import { Buffer } from "node:buffer";
import { invariant } from "../../base/invariant.ts";
import { quoted } from "../../base/printable.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Artifact, Piece } from "../../ir/artifact.ts";
import { pieceLength, sizeOf } from "../../ir/artifact.ts";
import type { Sha256 } from "../../ir/host.ts";
import type { Disk } from "./read.ts";
import { readDisk } from "./read.ts";
import { sourceOf } from "./source.ts";

const zeros = new Uint8Array(2 ** 16);

/**
 * Where a disk differs first from the one that xenimg makes of the same files: tables, free clusters and gaps have one
 * value each, and the GUIDs are made of the files' hashes. Undefined where it is that disk.
 */
export function strayByte(disk: readonly Piece[], made: readonly Piece[]): number | undefined {
  const source = sourceOf(disk);
  let at = 0;
  for (const piece of made) {
    const length = pieceLength(piece);
    for (let done = 0; done < length; done += zeros.length) {
      const size = Math.min(zeros.length, length - done);
      const found = source.bytes(at + done, size);
      const wanted = piece instanceof Uint8Array ? piece.subarray(done, done + size) : zeros.subarray(0, size);
      if (Buffer.compare(found, wanted) !== 0) return at + done + firstDifference(found, wanted);
    }
    at += length;
  }
  return at === source.size ? undefined : at;
}

function firstDifference(found: Uint8Array, wanted: Uint8Array): number {
  const at = wanted.findIndex((byte, index) => byte !== found[index]);
  return at < 0 ? wanted.length : at;
}

/** A file of a manifest: what `contents` of disk.img lists. */
export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** The files of a disk are those that a manifest lists, no more and no less. */
export function wrongFiles({ files }: Disk, listed: readonly ListedFile[], sha256: Sha256): readonly Diagnostic[] {
  const differ = (path: string, reason: string): Diagnostic => diagnose("XI6311", { path, reason });
  const found = new Map(files.map((file) => [file.path, file]));
  const wrong = listed.flatMap(({ path, size, sha256: hash }) => {
    const file = found.get(path);
    if (file === undefined) return [differ(path, "it is missing")];
    const actual = sizeOf(file);
    if (actual !== size) return [differ(path, `it has ${actual} bytes, not ${size}`)];
    return sha256(file.pieces) === hash ? [] : [differ(path, "its bytes are others")];
  });
  const known = new Set(listed.map(({ path }) => path));
  return [
    ...wrong,
    ...files.filter(({ path }) => !known.has(path)).map(({ path }) => differ(path, "it is not listed")),
  ];
}

/** The `contents` of a manifest's disk.img; undefined where there are none in the form that `build` writes. */
export function listedFiles(manifest: string): readonly ListedFile[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(manifest);
  } catch {
    return undefined;
  }
  const outputs = fieldOf(json, "outputs");
  const disk: unknown = Array.isArray(outputs)
    ? outputs.find((each) => fieldOf(each, "path") === "disk.img")
    : undefined;
  const contents = fieldOf(disk, "contents");
  return Array.isArray(contents) && contents.every(isListed) ? contents : undefined;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

const isListed = (value: unknown): value is ListedFile =>
  typeof fieldOf(value, "path") === "string" &&
  typeof fieldOf(value, "size") === "number" &&
  typeof fieldOf(value, "sha256") === "string";

/** disk.img, read as anybody would: the planned files and no others. Throws our own mistakes. */
export function verifyPlannedDisk({ pieces, contents = [] }: Artifact, sha256: Sha256): void {
  const read = readDisk(pieces);
  invariant(read.kind === "disk", `a disk that can be read${read.kind === "broken" ? `: ${read.reason}` : ""}`);
  const { files } = read.disk;
  invariant(files.length === contents.length, "the planned number of files on disk.img");
  for (const { path, pieces: planned } of contents) {
    const found = files.find((file) => file.path === path)?.pieces;
    invariant(
      found && (sameArrays(found, planned) || sha256(found) === sha256(planned)),
      `${quoted(path)} on disk.img`,
    );
  }
}

/** The very same arrays need no comparing. */
const sameArrays = (a: readonly Piece[], b: readonly Piece[]): boolean =>
  a.length === b.length && a.every((piece, index) => piece === b[index]);
