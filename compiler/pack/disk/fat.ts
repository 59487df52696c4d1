import { invariant } from "../../base/invariant.ts";
import {
  attributes,
  bootSector,
  clusterMask,
  directoryEntry,
  endOfChain,
  fatTime,
  firstCluster,
  infoSector,
  infoSignatures,
  largestFile,
} from "../../codecs/disk/fat.ts";
import { mbr, partitionAlign, sectorSize } from "../../codecs/disk/gpt.ts";
import type { Piece } from "../../ir/artifact.ts";
import { pieceLength } from "../../ir/artifact.ts";
import type { Folder } from "./files.ts";
import type { Geometry } from "./geometry.ts";
import { geometryFor } from "./geometry.ts";
import { isShort, longNameEntries, shortName } from "./names.ts";

export interface FatOptions {
  /** Eleven characters that a short name may have, or spaces. */
  readonly label: string;
  readonly serial: number;
  /** When everything on the volume was written: seconds from 1970. */
  readonly time: number;
}

export interface FatVolume {
  readonly sectors: number;
  readonly pieces: readonly Piece[];
}

/** A FAT32 volume for the partition that begins at `partitionAlign`: every file in one piece, one after the other. */
export function fatVolume(root: Folder, options: FatOptions): FatVolume {
  const geometry = geometryFor((clusterSize) => place(root, clusterSize).clusters);
  const clusterSize = geometry.sectorsPerCluster * sectorSize;
  const { extents, clusters } = place(root, clusterSize);
  const table = fat(geometry, extents);
  const free = (geometry.clusters - clusters) * clusterSize;
  // Behind the last whole cluster there may be some sectors that belong to none.
  const rest =
    (geometry.sectors - geometry.reservedSectors - 2 * geometry.fatSectors) * sectorSize -
    geometry.clusters * clusterSize;
  return {
    sectors: geometry.sectors,
    pieces: [
      reservedArea(geometry, clusters, options),
      table,
      table,
      ...extents.flatMap((extent) => extentPieces(extent, clusterSize, options)),
      ...(free + rest > 0 ? [{ zeros: free + rest }] : []),
    ],
  };
}

/** Consecutive clusters with one file or directory in them. */
interface Extent {
  readonly cluster: number;
  readonly clusters: number;
  readonly content: Piece[] | PlacedFolder;
}

interface PlacedFolder {
  /** Its first cluster, and that of the directory around it; undefined for the root. */
  readonly parent: number | undefined;
  readonly cluster: number;
  readonly entries: readonly PlacedEntry[];
}

interface PlacedEntry {
  readonly name: string;
  readonly short: string;
  readonly folder: boolean;
  /** 0 where there is no byte. */
  readonly cluster: number;
  readonly size: number;
}

const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + pieceLength(piece), 0);

/** Gives each directory and file its clusters, a directory before what it holds. */
function place(root: Folder, clusterSize: number): { readonly extents: readonly Extent[]; readonly clusters: number } {
  const extents: Extent[] = [];
  let next = firstCluster;
  const take = (size: number): { readonly cluster: number; readonly clusters: number } => {
    const clusters = Math.ceil(size / clusterSize);
    const cluster = clusters === 0 ? 0 : next;
    next += clusters;
    return { cluster, clusters };
  };
  const placeFolder = (folder: Folder, parent: number | undefined): number => {
    const names = [...folder.folders.keys(), ...folder.files.keys()].sort();
    const used = new Set<string>();
    const named = names.map((name) => ({ name, short: shortName(name, used) }));
    // The volume's label, or "." and "..".
    const first = parent === undefined ? 1 : 2;
    const count = named.reduce((sum, { name, short }) => sum + entriesFor(name, short), first);
    const taken = take(count * directoryEntry.size);
    const entries: PlacedEntry[] = [];
    extents.push({ ...taken, content: { parent, cluster: taken.cluster, entries } });
    for (const { name, short } of named) {
      const inner = folder.folders.get(name);
      const pieces = folder.files.get(name) ?? [];
      const size = inner === undefined ? lengthOf(pieces) : 0;
      invariant(size <= largestFile, `${name} of less than 4 GiB`);
      const own = inner === undefined ? take(size) : { cluster: placeFolder(inner, taken.cluster), clusters: 0 };
      if (own.clusters > 0) extents.push({ ...own, content: [...pieces] });
      entries.push({ name, short, folder: inner !== undefined, cluster: own.cluster, size });
    }
    return taken.cluster;
  };
  placeFolder(root, undefined);
  return { extents, clusters: next - firstCluster };
}

const encoder = new TextEncoder();

const entriesFor = (name: string, short: string): number =>
  isShort(name, short) ? 1 : 1 + longNameEntries(name, encoder.encode(short)).length;

/** The two entries that are no clusters (media byte; clean, without errors), then a chain for each extent. */
function fat({ fatSectors }: Geometry, extents: readonly Extent[]): Uint8Array {
  const table = new Uint8Array(fatSectors * sectorSize);
  const view = new DataView(table.buffer);
  const set = (entry: number, value: number): void => {
    view.setUint32(entry * 4, value, true);
  };
  set(0, endOfChain & clusterMask);
  set(1, clusterMask);
  for (const { cluster, clusters } of extents) {
    for (let at = cluster; at < cluster + clusters - 1; at++) set(at, at + 1);
    set(cluster + clusters - 1, clusterMask);
  }
  return table;
}

function extentPieces({ clusters, content }: Extent, clusterSize: number, options: FatOptions): readonly Piece[] {
  const pieces = Array.isArray(content) ? content : [directory(content, options)];
  const rest = clusters * clusterSize - lengthOf(pieces);
  return rest > 0 ? [...pieces, { zeros: rest }] : pieces;
}

function directory({ parent, cluster, entries }: PlacedFolder, { label, time }: FatOptions): Uint8Array {
  const { date, time: clock } = fatTime(time);
  const entry = (name: string, kind: number, at: number, size: number): Uint8Array => {
    const bytes = new Uint8Array(directoryEntry.size);
    directoryEntry.encode(
      {
        name: encoder.encode(name.padEnd(11)),
        attributes: kind,
        case_flags: 0,
        created_tenths: 0,
        created_time: clock,
        created_date: date,
        accessed_date: date,
        cluster_high: at >>> 16,
        modified_time: clock,
        modified_date: date,
        cluster_low: at & 0xffff,
        size,
      },
      bytes,
      0,
    );
    return bytes;
  };
  const first =
    parent === undefined
      ? [entry(label, attributes.volume, 0, 0)]
      : [
          entry(".", attributes.directory, cluster, 0),
          // The root directory's own cluster is not said here.
          entry("..", attributes.directory, parent === firstCluster ? 0 : parent, 0),
        ];
  const others = entries.flatMap(({ name, short, folder, cluster: at, size }) => {
    const kind = folder ? attributes.directory : attributes.archive;
    const long = isShort(name, short) ? [] : longNameEntries(name, encoder.encode(short));
    return [...long, entry(short, kind, at, size)];
  });
  const all = [...first, ...others];
  const bytes = new Uint8Array(all.length * directoryEntry.size);
  for (const [index, each] of all.entries()) bytes.set(each, index * directoryEntry.size);
  return bytes;
}

/** Sectors of the information sector, and of the copies of boot sector and information sector. */
const infoAt = 1;
const backupAt = 6;

function reservedArea(geometry: Geometry, usedClusters: number, { label, serial }: FatOptions): Uint8Array {
  const area = new Uint8Array(geometry.reservedSectors * sectorSize);
  const view = new DataView(area.buffer);
  for (const at of [0, backupAt]) {
    bootSector.encode(
      {
        // A jump over the parameter block to no code: nobody boots this way on Arm.
        jump: Uint8Array.of(0xeb, 0x58, 0x90),
        oem: encoder.encode("xenimg  "),
        bytes_per_sector: sectorSize,
        sectors_per_cluster: geometry.sectorsPerCluster,
        reserved_sectors: geometry.reservedSectors,
        fats: 2,
        root_entries: 0,
        sectors_16: 0,
        media: 0xf8,
        fat_sectors_16: 0,
        sectors_per_track: 63,
        heads: 255,
        hidden_sectors: partitionAlign,
        sectors: geometry.sectors,
        fat_sectors: geometry.fatSectors,
        flags: 0,
        version: 0,
        root_cluster: firstCluster,
        info_sector: infoAt,
        backup_sector: backupAt,
        reserved: new Uint8Array(12),
        drive: 0x80,
        reserved_1: 0,
        boot_signature: 0x29,
        serial,
        label: encoder.encode(label),
        type: encoder.encode("FAT32   "),
      },
      area,
      at * sectorSize,
    );
    view.setUint16(at * sectorSize + mbr.signatureAt, mbr.signature, true);
    infoSector.encode(
      {
        lead_signature: infoSignatures.lead,
        structure_signature: infoSignatures.structure,
        free_clusters: geometry.clusters - usedClusters,
        next_free: usedClusters < geometry.clusters ? firstCluster + usedClusters : 0xffff_ffff,
        trail_signature: infoSignatures.trail,
      },
      area,
      (at + infoAt) * sectorSize,
    );
  }
  return area;
}
