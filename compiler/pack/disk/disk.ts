import { longestPartitionName } from "../../codecs/disk/gpt.ts";
import type { Piece } from "../../ir/artifact.ts";
import type { Sha256 } from "../../ir/host.ts";
import { fatVolume } from "./fat.ts";
import type { DiskFile } from "./files.ts";
import { treeOf } from "./files.ts";
import { gptDisk } from "./gpt.ts";
import { identityOf } from "./guid.ts";

export interface DiskOptions {
  /** Of the partition, cut to what GPT has room for; the volume's label is made of it. */
  readonly name: string;
  /** When everything was written: seconds from 1970. */
  readonly time: number;
  readonly sha256: Sha256;
}

/**
 * disk.img: a GPT with an EFI system partition that holds the files. The same files make the same disk. Pieces refer
 * to the files': nothing large is copied.
 */
export function diskImage(files: readonly DiskFile[], { name, time, sha256 }: DiskOptions): readonly Piece[] {
  // A character outside of the basic plane is two units: its half would be none.
  const short = name.slice(0, longestPartitionName).replace(/[\ud800-\udbff]$/, "");
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const identity = identityOf(short, sorted, sha256);
  const volume = fatVolume(treeOf(sorted), { label: labelOf(short), serial: identity.serial, time });
  return gptDisk(short, identity, volume);
}

/** Eleven characters that every system shows as they are. */
const labelOf = (name: string): string =>
  (
    name
      .toUpperCase()
      .replaceAll(/[^A-Z0-9_-]/g, "")
      .slice(0, 11) || "XENIMG"
  ).padEnd(11);
