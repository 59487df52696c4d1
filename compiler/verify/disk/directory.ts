import { joinBytes } from "../../base/join-bytes.ts";
import type { FatTime } from "../../codecs/disk/fat.ts";
import {
  attributes,
  charactersPerEntry,
  directoryEntry,
  isFatName,
  lastLongEntry,
  longNameEntry,
  shortNameChecksum,
} from "../../codecs/disk/fat.ts";
import type { Piece } from "../../ir/artifact.ts";
import { broken } from "./broken.ts";

export interface Entry {
  readonly name: string;
  readonly folder: boolean;
  readonly cluster: number;
  readonly size: number;
}

export interface Directory {
  readonly entries: readonly Entry[];
  /** Of the volume; in the root directory. */
  readonly label?: { readonly name: string; readonly time: FatTime };
}

const deleted = 0xe5;

/** The files and folders that a directory's bytes list, by their long names. Throws `broken`. */
export function readEntries(pieces: readonly Piece[], path: string): Directory {
  const bytes = joinBytes(pieces.map((piece) => (piece instanceof Uint8Array ? piece : new Uint8Array(piece.zeros))));
  const entries: Entry[] = [];
  const names = new Set<string>();
  let label: Directory["label"];
  let long: LongName | undefined;
  for (let at = 0; at < bytes.length; at += directoryEntry.size) {
    const entry = directoryEntry.decode(bytes, at);
    if (entry === undefined || entry.name[0] === 0) break;
    if (entry.name[0] === deleted) throw broken(`a deleted entry in ${path || "the root directory"}`);
    if ((entry.attributes & 0x3f) === attributes.longName) {
      long = nextPart(long, bytes, at, path);
      continue;
    }
    const short = new TextDecoder("latin1").decode(entry.name);
    if ((entry.attributes & attributes.volume) !== 0) {
      label = { name: short.trimEnd(), time: { date: entry.modified_date, time: entry.modified_time } };
      continue;
    }
    const name = long === undefined ? shortText(short) : finished(long, entry.name, path);
    long = undefined;
    if (name === "." || name === "..") continue;
    const folder = (entry.attributes & attributes.directory) !== 0;
    if (!isFatName(name)) throw broken(`a name in ${path || "the root directory"} that xenimg gives to no file`);
    if (names.has(name.toLowerCase())) throw broken(`two of one name in ${path || "the root directory"}`);
    names.add(name.toLowerCase());
    entries.push({ name, folder, cluster: entry.cluster_high * 2 ** 16 + entry.cluster_low, size: entry.size });
  }
  if (long !== undefined) throw broken(`half a name in ${path || "the root directory"}`);
  return { entries, ...(label && { label }) };
}

/** Parts of a name, of which the last comes first. */
interface LongName {
  readonly order: number;
  readonly checksum: number;
  readonly text: string;
}

function nextPart(before: LongName | undefined, bytes: Uint8Array, at: number, path: string): LongName {
  const part = longNameEntry.decode(bytes, at);
  const first = part !== undefined && (part.order & lastLongEntry) !== 0;
  const order = (part?.order ?? 0) & (lastLongEntry - 1);
  if (part === undefined || order === 0 || first !== (before === undefined))
    throw broken(`a name without an end in ${path || "the root directory"}`);
  if (before && (order !== before.order - 1 || part.checksum !== before.checksum))
    throw broken(`a name of parts that do not go together in ${path || "the root directory"}`);
  const units = joinBytes([part.name_1, part.name_2, part.name_3]);
  const text = new TextDecoder("utf-16le").decode(units).slice(0, charactersPerEntry);
  return { order, checksum: part.checksum, text: text + (before?.text ?? "") };
}

function finished({ order, checksum, text }: LongName, short: Uint8Array, path: string): string {
  if (order !== 1 || checksum !== shortNameChecksum(short))
    throw broken(`a long name in ${path || "the root directory"} that belongs to no entry`);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** 8.3 with its dot. */
const shortText = (short: string): string =>
  [short.slice(0, 8).trimEnd(), short.slice(8).trimEnd()].filter((part) => part !== "").join(".");
