import { recordFormat } from "../../base/record.ts";

/** Bytes of a logical block: what SD cards, eMMC and most disks have. */
export const sectorSize = 512;
/** Alignment of partitions, in sectors: 1 MiB, a whole number of every medium's erase blocks and pages. */
export const partitionAlign = 2048;

/** A partition of the protective MBR (UEFI 2.10, 5.2.3), at 446 of the first sector. */
export const mbrPartition = recordFormat(16, {
  status: { at: 0, type: "u8" },
  /** Cylinder, head, sector: of no use to anybody, but of a given value. */
  first_chs: { at: 1, type: "bytes", length: 3 },
  type: { at: 4, type: "u8" },
  last_chs: { at: 5, type: "bytes", length: 3 },
  first_lba: { at: 8, type: "u32" },
  sectors: { at: 12, type: "u32" },
});
export const mbr = { partitionAt: 446, signatureAt: 510, signature: 0xaa55, protective: 0xee } as const;

/** The GPT header (UEFI 2.10, 5.3.2). LBAs count sectors. */
export const gptHeader = recordFormat(92, {
  signature: { at: 0, type: "bytes", length: 8 },
  revision: { at: 8, type: "u32" },
  header_size: { at: 12, type: "u32" },
  /** Over the header, with zeros here. */
  header_crc: { at: 16, type: "u32" },
  reserved: { at: 20, type: "u32" },
  my_lba: { at: 24, type: "u64" },
  alternate_lba: { at: 32, type: "u64" },
  first_usable: { at: 40, type: "u64" },
  last_usable: { at: 48, type: "u64" },
  disk_guid: { at: 56, type: "bytes", length: 16 },
  entries_lba: { at: 72, type: "u64" },
  entry_count: { at: 80, type: "u32" },
  entry_size: { at: 84, type: "u32" },
  /** Over all entries, used or not. */
  entries_crc: { at: 88, type: "u32" },
});
export const gptSignature = new TextEncoder().encode("EFI PART");
export const gptRevision = 0x0001_0000;

/** One partition (UEFI 2.10, 5.3.3). */
export const gptEntry = recordFormat(128, {
  type: { at: 0, type: "bytes", length: 16 },
  guid: { at: 16, type: "bytes", length: 16 },
  first_lba: { at: 32, type: "u64" },
  last_lba: { at: 40, type: "u64" },
  attributes: { at: 48, type: "u64" },
  /** UTF-16LE, ended by zeros where it is shorter. */
  name: { at: 56, type: "bytes", length: 72 },
});
/** The least that 5.3 allows: 16 KiB of entries. */
export const gptEntryCount = 128;
export const gptEntrySectors = (gptEntryCount * gptEntry.size) / sectorSize;
export const longestPartitionName = 36;

/** C12A7328-F81F-11D2-BA4B-00A0C93EC93B, an EFI system partition, as it lies on the disk (UEFI 2.10, appendix A). */
export const efiSystemPartition = Uint8Array.of(
  ...[0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11],
  ...[0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b],
);
