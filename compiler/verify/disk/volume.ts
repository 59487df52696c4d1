import { sameBytes } from "../../base/same-bytes.ts";
import type { FatTime } from "../../codecs/disk/fat.ts";
import { bootSector, clusterMask, endOfChain, fewestClusters, firstCluster } from "../../codecs/disk/fat.ts";
import { mbr, sectorSize } from "../../codecs/disk/gpt.ts";
import type { Piece } from "../../ir/artifact.ts";
import { broken } from "./broken.ts";
import { readEntries } from "./directory.ts";
import type { Partition } from "./partition.ts";
import type { Source } from "./source.ts";

export interface Volume {
  readonly label: string;
  /** When it was made, as the label's entry says. */
  readonly time: FatTime;
  readonly files: readonly { readonly path: string; readonly pieces: readonly Piece[] }[];
}

/** Directories below directories; ours has two. */
const deepest = 32;

/** Every file of a FAT32 volume, whoever made it; each cluster is in one chain or free. Throws `broken` otherwise. */
export function readVolume(source: Source, partition: Partition): Volume {
  const boot = readBootSector(source, partition);
  const table = readTable(source, boot);
  const owned = new Uint8Array(boot.clusters + firstCluster);

  /** The bytes of a chain; `size` undefined: all that its clusters hold. */
  const chain = (first: number, path: string, size?: number): readonly Piece[] => {
    const pieces: Piece[] = [];
    let held = 0;
    let cluster = first;
    while (size === undefined || held < size) {
      // As many clusters as lie one after the other, at once.
      const start = cluster;
      let next = cluster;
      do {
        if (next < firstCluster || next >= owned.length) throw broken(`the chain of ${path} leaves the volume`);
        if (owned[next] !== 0) throw broken(`the chain of ${path} goes through a cluster of another's`);
        owned[next] = 1;
        cluster = next;
        next = table.getUint32(cluster * 4, true) & clusterMask;
        held += boot.clusterSize;
      } while (next === cluster + 1 && (size === undefined || held < size));
      const length = (cluster - start + 1) * boot.clusterSize;
      pieces.push(...source.range(boot.data + (start - firstCluster) * boot.clusterSize, length));
      if (next >= endOfChain) break;
      cluster = next;
      if (size !== undefined && held >= size) throw broken(`the chain of ${path} is longer than the file`);
    }
    if (size === undefined) return pieces;
    if (held < size) throw broken(`the chain of ${path} is shorter than the file`);
    return cut(pieces, size, path);
  };

  const files: { path: string; pieces: readonly Piece[] }[] = [];
  let label: { readonly name: string; readonly time: FatTime } | undefined;
  const walk = (cluster: number, path: string, depth: number): void => {
    if (depth > deepest) throw broken("its directories are too deep");
    const pieces = chain(cluster, path === "" ? "the root directory" : path);
    const { entries, label: found } = readEntries(pieces, path);
    if (found) label = found;
    for (const { name, folder, cluster: at, size } of entries) {
      const full = path === "" ? name : `${path}/${name}`;
      if (folder) walk(at, full, depth + 1);
      else files.push({ path: full, pieces: size === 0 ? noCluster(at, full) : chain(at, full, size) });
    }
  };
  walk(boot.root, "", 0);
  for (let cluster = firstCluster; cluster < owned.length; cluster++)
    if (owned[cluster] === 0 && table.getUint32(cluster * 4, true) !== 0)
      throw broken(`cluster ${cluster} is taken, and no file's`);
  if (label === undefined) throw broken("its volume has no label");
  return { label: label.name, time: label.time, files };
}

interface Boot {
  readonly clusters: number;
  /** In bytes. */
  readonly clusterSize: number;
  readonly fat: number;
  readonly fatSize: number;
  readonly data: number;
  readonly root: number;
}

function readBootSector(source: Source, partition: Partition): Boot {
  const sector = source.bytes(partition.start, sectorSize);
  const boot = bootSector.decode(sector, 0);
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  if (boot === undefined || view.getUint16(mbr.signatureAt, true) !== mbr.signature)
    throw broken("its partition has no boot sector");
  const { sectors, sectors_per_cluster: perCluster, reserved_sectors: reserved, fat_sectors: fatSectors } = boot;
  if (boot.bytes_per_sector !== sectorSize || boot.fats !== 2 || perCluster === 0 || reserved === 0)
    throw broken("its volume is no FAT32");
  // A longer one is not found by EDK2, a shorter one leaves bytes to nobody.
  if (sectors * sectorSize !== partition.size) throw broken("its volume is not as long as the partition");
  const clusters = Math.floor((sectors - reserved - 2 * fatSectors) / perCluster);
  if (clusters < fewestClusters || fatSectors * sectorSize < (clusters + firstCluster) * 4)
    throw broken("its volume is no FAT32");
  const fat = partition.start + reserved * sectorSize;
  const fatSize = fatSectors * sectorSize;
  return {
    clusters,
    clusterSize: perCluster * sectorSize,
    fat,
    fatSize,
    data: fat + 2 * fatSize,
    root: boot.root_cluster,
  };
}

function readTable(source: Source, { fat, fatSize }: Boot): DataView {
  const table = source.bytes(fat, fatSize);
  if (!sameBytes(table, source.bytes(fat + fatSize, fatSize))) throw broken("its two file allocation tables differ");
  return new DataView(table.buffer, table.byteOffset, table.byteLength);
}

function noCluster(cluster: number, path: string): readonly Piece[] {
  if (cluster !== 0) throw broken(`${path} is empty and has a cluster`);
  return [];
}

/** The first `size` bytes; the rest of the last cluster holds nothing. */
function cut(pieces: readonly Piece[], size: number, path: string): readonly Piece[] {
  const kept: Piece[] = [];
  let left = size;
  for (const piece of pieces) {
    const zeros = !(piece instanceof Uint8Array);
    const length = zeros ? piece.zeros : piece.length;
    const taken = Math.min(left, length);
    if (taken > 0) kept.push(zeros ? { zeros: taken } : taken === length ? piece : piece.subarray(0, taken));
    if (!zeros && piece.subarray(taken).some((byte) => byte !== 0)) throw broken(`something lies behind ${path}`);
    left -= taken;
  }
  return kept;
}
