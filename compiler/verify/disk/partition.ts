import { crc32 } from "../../base/crc32.ts";
import { sameBytes } from "../../base/same-bytes.ts";
import {
  efiSystemPartition,
  gptEntry,
  gptEntryCount,
  gptHeader,
  gptSignature,
  mbr,
  mbrPartition,
  sectorSize,
} from "../../codecs/disk/gpt.ts";
import { broken } from "./broken.ts";
import type { Source } from "./source.ts";

/** The one partition of a disk. Places in bytes. */
export interface Partition {
  readonly name: string;
  readonly start: number;
  readonly size: number;
}

/** Whether a protective MBR says that a partition table follows (UEFI 2.10, 5.2.3). */
export function hasProtectiveMbr(source: Source): boolean {
  const sector = source.bytes(0, sectorSize);
  if (sector.length < sectorSize) return false;
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  const partition = mbrPartition.decode(sector, mbr.partitionAt);
  return view.getUint16(mbr.signatureAt, true) === mbr.signature && partition?.type === mbr.protective;
}

/** Both partition tables hold, say the same, and have one EFI system partition. Throws `broken` otherwise. */
export function readPartition(source: Source): Partition {
  const last = source.size / sectorSize - 1;
  if (!Number.isInteger(last)) throw broken("its length is no whole number of sectors");
  const table = readTable(source, "first", 1, last);
  const backup = readTable(source, "second", last, 1);
  if (!sameBytes(table.entries, backup.entries) || !sameBytes(table.guid, backup.guid))
    throw broken("its two partition tables differ");
  const used = Array.from({ length: gptEntryCount }, (_, index) =>
    gptEntry.decode(table.entries, index * gptEntry.size),
  ).filter((entry) => entry === undefined || entry.type.some((byte) => byte !== 0));
  const [entry] = used;
  if (used.length !== 1 || entry === undefined) throw broken(`it has ${used.length} partitions, not one`);
  if (!sameBytes(entry.type, efiSystemPartition)) throw broken("its partition is no EFI system partition");
  const { first_lba: first, last_lba: end } = entry;
  if (first < table.firstUsable || end > table.lastUsable || end < first)
    throw broken("its partition lies outside of what the table calls usable");
  return { name: textOf(entry.name), start: first * sectorSize, size: (end - first + 1) * sectorSize };
}

interface Table {
  readonly entries: Uint8Array;
  readonly guid: Uint8Array;
  readonly firstUsable: number;
  readonly lastUsable: number;
}

function readTable(source: Source, which: string, at: number, other: number): Table {
  const fail = (reason: string): Error => broken(`the ${which} partition table ${reason}`);
  // Not slice(): Node's Buffer overrides it to share the memory.
  const sector = Uint8Array.from(source.bytes(at * sectorSize, sectorSize));
  const header = gptHeader.decode(sector, 0);
  if (header === undefined || !sameBytes(header.signature, gptSignature)) throw fail("is not where it must be");
  if (header.header_size !== gptHeader.size) throw fail("has a header of another size");
  const { header_crc: crc, ...fields } = header;
  gptHeader.encode({ ...fields, header_crc: 0 }, sector, 0);
  if (crc32(sector.subarray(0, gptHeader.size)) !== crc) throw fail("has another checksum than it says");
  if (header.my_lba !== at || header.alternate_lba !== other) throw fail("is of another disk's size");
  if (header.entry_count !== gptEntryCount || header.entry_size !== gptEntry.size) throw fail("has another form");
  if (header.first_usable < 2 || header.last_usable >= Math.max(at, other)) throw fail("is of another disk's size");
  const entries = source.bytes(header.entries_lba * sectorSize, gptEntryCount * gptEntry.size);
  if (crc32(entries) !== header.entries_crc) throw fail("has entries of another checksum than it says");
  return { entries, guid: header.disk_guid, firstUsable: header.first_usable, lastUsable: header.last_usable };
}

function textOf(name: Uint8Array): string {
  const text = new TextDecoder("utf-16le").decode(name);
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
