import { recordFormat } from "../../base/record.ts";

/*
 * FAT32 as Microsoft's "FAT32 File System Specification" (FAT: General Overview of On-Disk Format, 1.03) describes it.
 */

/** "Boot Sector and BPB". */
export const bootSector = recordFormat(90, {
  jump: { at: 0, type: "bytes", length: 3 },
  oem: { at: 3, type: "bytes", length: 8 },
  bytes_per_sector: { at: 11, type: "u16" },
  sectors_per_cluster: { at: 13, type: "u8" },
  reserved_sectors: { at: 14, type: "u16" },
  fats: { at: 16, type: "u8" },
  /** 0 with FAT32, as are the two counts of 16 bits below. */
  root_entries: { at: 17, type: "u16" },
  sectors_16: { at: 19, type: "u16" },
  media: { at: 21, type: "u8" },
  fat_sectors_16: { at: 22, type: "u16" },
  sectors_per_track: { at: 24, type: "u16" },
  heads: { at: 26, type: "u16" },
  /** Sectors before the partition. */
  hidden_sectors: { at: 28, type: "u32" },
  sectors: { at: 32, type: "u32" },
  fat_sectors: { at: 36, type: "u32" },
  flags: { at: 40, type: "u16" },
  version: { at: 42, type: "u16" },
  root_cluster: { at: 44, type: "u32" },
  info_sector: { at: 48, type: "u16" },
  backup_sector: { at: 50, type: "u16" },
  reserved: { at: 52, type: "bytes", length: 12 },
  drive: { at: 64, type: "u8" },
  reserved_1: { at: 65, type: "u8" },
  boot_signature: { at: 66, type: "u8" },
  serial: { at: 67, type: "u32" },
  label: { at: 71, type: "bytes", length: 11 },
  type: { at: 82, type: "bytes", length: 8 },
});

/** "FSInfo Sector Structure": where free clusters are, for whoever writes to the volume. */
export const infoSector = recordFormat(512, {
  lead_signature: { at: 0, type: "u32" },
  structure_signature: { at: 484, type: "u32" },
  free_clusters: { at: 488, type: "u32" },
  next_free: { at: 492, type: "u32" },
  trail_signature: { at: 508, type: "u32" },
});
export const infoSignatures = { lead: 0x4161_5252, structure: 0x6141_7272, trail: 0xaa55_0000 } as const;

/** "FAT Directory Structure": one entry of a directory. */
export const directoryEntry = recordFormat(32, {
  name: { at: 0, type: "bytes", length: 11 },
  attributes: { at: 11, type: "u8" },
  case_flags: { at: 12, type: "u8" },
  created_tenths: { at: 13, type: "u8" },
  created_time: { at: 14, type: "u16" },
  created_date: { at: 16, type: "u16" },
  accessed_date: { at: 18, type: "u16" },
  cluster_high: { at: 20, type: "u16" },
  modified_time: { at: 22, type: "u16" },
  modified_date: { at: 24, type: "u16" },
  cluster_low: { at: 26, type: "u16" },
  size: { at: 28, type: "u32" },
});

/** "FAT Long Directory Entries": thirteen characters of a long name, in three pieces. */
export const longNameEntry = recordFormat(32, {
  /** From 1; the last one, which comes first, has `lastLongEntry` set. */
  order: { at: 0, type: "u8" },
  name_1: { at: 1, type: "bytes", length: 10 },
  attributes: { at: 11, type: "u8" },
  type: { at: 12, type: "u8" },
  checksum: { at: 13, type: "u8" },
  name_2: { at: 14, type: "bytes", length: 12 },
  cluster: { at: 26, type: "u16" },
  name_3: { at: 28, type: "bytes", length: 4 },
});
export const lastLongEntry = 0x40;
export const charactersPerEntry = 13;

export const attributes = { volume: 0x08, directory: 0x10, archive: 0x20, longName: 0x0f } as const;

/** "FAT Type Determination": a volume of fewer clusters is FAT16, whatever its boot sector says. */
export const fewestClusters = 65525;
/** The first two entries of a FAT are no clusters. */
export const firstCluster = 2;
/** Entries have 28 bits; from `endOfChain` on they end a chain. */
export const clusterMask = 0x0fff_ffff;
export const endOfChain = 0x0fff_fff8;
/** A file's size has 32 bits. */
export const largestFile = 2 ** 32 - 1;
const longestName = 255;

/** What a long name may hold, of ASCII ("FAT Long Directory Entries"); a dot or space at the end would be dropped. */
export const isFatName = (name: string): boolean =>
  /^[ !#-)+-.0-9;=@A-[\]-{}~]+$/.test(name) && !/[ .]$/.test(name) && name.length <= longestName;

/** "Checksum": of a short name's eleven bytes, for the entries of the long name that go with it. */
export const shortNameChecksum = (name: Uint8Array): number =>
  name.reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0);

/** Date and time of a directory entry: days from 1980, two seconds each. */
export interface FatTime {
  readonly date: number;
  readonly time: number;
}

const firstSecond = Date.UTC(1980, 0, 1) / 1000;
const lastSecond = Date.UTC(2107, 11, 31, 23, 59, 58) / 1000;

/** Seconds from 1970, UTC, as near as FAT comes to it. */
export function fatTime(seconds: number): FatTime {
  const when = new Date(Math.min(Math.max(seconds, firstSecond), lastSecond) * 1000);
  return {
    date: ((when.getUTCFullYear() - 1980) << 9) | ((when.getUTCMonth() + 1) << 5) | when.getUTCDate(),
    time: (when.getUTCHours() << 11) | (when.getUTCMinutes() << 5) | (when.getUTCSeconds() >> 1),
  };
}

/** Seconds from 1970; some moment where the entry says no date. */
export const secondsOf = ({ date, time }: FatTime): number =>
  Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2) / 1000;
