import { crc32 } from "../../base/crc32.ts";
import {
  efiSystemPartition,
  gptEntry,
  gptEntryCount,
  gptEntrySectors,
  gptHeader,
  gptRevision,
  gptSignature,
  longestPartitionName,
  mbr,
  mbrPartition,
  partitionAlign,
  sectorSize,
} from "../../codecs/disk/gpt.ts";
import type { Piece } from "../../ir/artifact.ts";
import type { DiskIdentity } from "./guid.ts";

/** A disk with one partition from `partitionAlign` on: protective MBR, table, partition, table again. */
export function gptDisk(
  name: string,
  identity: DiskIdentity,
  partition: { readonly sectors: number; readonly pieces: readonly Piece[] },
): readonly Piece[] {
  const end = partitionAlign + partition.sectors;
  const last = end + partitionAlign - 1;
  const table = entries(name, identity, end - 1);
  const header = (own: number, other: number, table_at: number): Uint8Array =>
    headerSector(identity, table, { own, other, table: table_at, last });
  return [
    protectiveMbr(last),
    header(1, last, 2),
    table,
    { zeros: (partitionAlign - 2 - gptEntrySectors) * sectorSize },
    ...partition.pieces,
    { zeros: (partitionAlign - 1 - gptEntrySectors) * sectorSize },
    table,
    header(last, 1, last - gptEntrySectors),
  ];
}

/** Tells programs that know no GPT that the whole disk is taken. */
function protectiveMbr(last: number): Uint8Array {
  const sector = new Uint8Array(sectorSize);
  mbrPartition.encode(
    {
      status: 0,
      first_chs: Uint8Array.of(0, 2, 0),
      type: mbr.protective,
      last_chs: Uint8Array.of(0xff, 0xff, 0xff),
      first_lba: 1,
      sectors: Math.min(last, 0xffff_ffff),
    },
    sector,
    mbr.partitionAt,
  );
  new DataView(sector.buffer).setUint16(mbr.signatureAt, mbr.signature, true);
  return sector;
}

function entries(name: string, { partition }: DiskIdentity, last: number): Uint8Array {
  const table = new Uint8Array(gptEntryCount * gptEntry.size);
  gptEntry.encode(
    {
      type: efiSystemPartition,
      guid: partition,
      first_lba: partitionAlign,
      last_lba: last,
      attributes: 0,
      name: utf16(name),
    },
    table,
    0,
  );
  return table;
}

function utf16(name: string): Uint8Array {
  const bytes = new Uint8Array(longestPartitionName * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < Math.min(name.length, longestPartitionName); at++)
    view.setUint16(at * 2, name.charCodeAt(at), true);
  return bytes;
}

/** The two headers differ in where they, each other and their tables are; all in sectors. */
interface HeaderPlaces {
  readonly own: number;
  readonly other: number;
  readonly table: number;
  readonly last: number;
}

function headerSector({ disk }: DiskIdentity, table: Uint8Array, { own, other, table: at, last }: HeaderPlaces) {
  const fields = {
    signature: gptSignature,
    revision: gptRevision,
    header_size: gptHeader.size,
    header_crc: 0,
    reserved: 0,
    my_lba: own,
    alternate_lba: other,
    first_usable: 2 + gptEntrySectors,
    last_usable: last - gptEntrySectors - 1,
    disk_guid: disk,
    entries_lba: at,
    entry_count: gptEntryCount,
    entry_size: gptEntry.size,
    entries_crc: crc32(table),
  };
  const sector = new Uint8Array(sectorSize);
  gptHeader.encode(fields, sector, 0);
  const header_crc = crc32(sector.subarray(0, gptHeader.size));
  gptHeader.encode({ ...fields, header_crc }, sector, 0);
  return sector;
}
