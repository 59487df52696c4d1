import type { Piece } from "../../ir/artifact.ts";
import { secondsOf } from "../../codecs/disk/fat.ts";
import { BrokenDisk } from "./broken.ts";
import { hasProtectiveMbr, readPartition } from "./partition.ts";
import { sourceOf } from "./source.ts";
import { readVolume } from "./volume.ts";

/** What is on a disk. Pieces refer to the disk's own. */
export interface Disk {
  /** Of its partition. */
  readonly name: string;
  readonly label: string;
  /** When it was made: seconds from 1970. */
  readonly time: number;
  readonly files: readonly { readonly path: string; readonly pieces: readonly Piece[] }[];
}

export type DiskRead =
  | { readonly kind: "not-a-disk" }
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "disk"; readonly disk: Disk };

/** Reads a disk with one FAT32 system partition, trusting nothing in it. */
export function readDisk(pieces: readonly Piece[]): DiskRead {
  const source = sourceOf(pieces);
  if (!hasProtectiveMbr(source)) return { kind: "not-a-disk" };
  try {
    const partition = readPartition(source);
    const { label, time, files } = readVolume(source, partition);
    return { kind: "disk", disk: { name: partition.name, label, time: secondsOf(time), files } };
  } catch (error) {
    if (error instanceof BrokenDisk) return { kind: "broken", reason: error.message };
    throw error;
  }
}
