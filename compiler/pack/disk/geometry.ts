import { invariant } from "../../base/invariant.ts";
import { alignUp } from "../../base/units.ts";
import { fewestClusters, firstCluster } from "../../codecs/disk/fat.ts";
import { partitionAlign, sectorSize } from "../../codecs/disk/gpt.ts";

/** How a FAT32 volume is divided. Lengths in sectors. */
export interface Geometry {
  readonly sectors: number;
  readonly sectorsPerCluster: number;
  readonly reservedSectors: number;
  /** Of each of the two tables. */
  readonly fatSectors: number;
  readonly clusters: number;
}

/** Boot sector, information and copies of both, as everybody's FAT32 has. */
const reservedSectors = 32;
/** Clusters then begin at a multiple of 4 KiB, which is the page of many media. */
const fatAlign = 4;
/** Implementations err near the bound between FAT16 and FAT32; the specification asks for 16 clusters' distance. */
const margin = 16;

/** Up to how many bytes a volume has clusters of so many sectors ("DskTableFAT32"). */
const clusterSizes = [
  [260 * 2 ** 20, 1],
  [8 * 2 ** 30, 8],
  [16 * 2 ** 30, 16],
  [32 * 2 ** 30, 32],
  [Infinity, 64],
] as const;

/**
 * The smallest volume of whole MiB for contents that take so many clusters. Always FAT32: the UEFI specification wants
 * it of a disk's system partition, and the least size, 33 MiB, is little.
 */
export function geometryFor(clustersOf: (clusterSize: number) => number): Geometry {
  for (const [largest, sectorsPerCluster] of clusterSizes) {
    const used = clustersOf(sectorsPerCluster * sectorSize);
    const found = divide(Math.max(used, fewestClusters + margin), sectorsPerCluster);
    if (found.sectors * sectorSize <= largest) return found;
  }
  invariant(false, "a volume of any size to have a geometry");
}

function divide(needed: number, sectorsPerCluster: number): Geometry {
  let sectors = alignUp(reservedSectors + needed * sectorsPerCluster, partitionAlign);
  for (;;) {
    // As if the tables took nothing: at worst they have entries to spare.
    const most = Math.floor((sectors - reservedSectors) / sectorsPerCluster);
    const fatSectors = alignUp(Math.ceil(((most + firstCluster) * 4) / sectorSize), fatAlign);
    const clusters = Math.floor((sectors - reservedSectors - 2 * fatSectors) / sectorsPerCluster);
    if (clusters >= needed) return { sectors, sectorsPerCluster, reservedSectors, fatSectors, clusters };
    sectors += partitionAlign;
  }
}
