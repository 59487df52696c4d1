import { recordFormat } from "../base/record.ts";
import { alignUp } from "../base/units.ts";

/** Where the boot header is in the core's image: behind the arm64 Image header. */
export const bootHeaderOffset = 64;

export const bootHeaderMagic = Uint8Array.from([0x58, 0x45, 0x4e, 0x49, 0x4d, 0x47, 0, 1]);
export const bootHeaderVersion = 2;

/** What the packer tells the core: hypervisor/include/xi/boot_header.h, struct xi_boot_header. */
export const bootHeader = recordFormat(88, {
  magic: { at: 0, type: "bytes", length: 8 },
  version: { at: 8, type: "u32" },
  header_size: { at: 12, type: "u32" },
  link_address: { at: 16, type: "u64" },
  /** Bytes of the whole image; 0 in a core that nothing is linked to yet. */
  total_size: { at: 24, type: "u64" },
  dtb_offset: { at: 32, type: "u64" },
  dtb_size: { at: 40, type: "u64" },
  /** Bytes of the table of parts, behind the device tree: partTableStart. */
  table_size: { at: 48, type: "u64" },
  table_sha256: { at: 56, type: "bytes", length: 32 },
});

/** An entry of the table of parts: struct xi_image_part there. The device tree's comes first, then each module's. */
export const imagePart = recordFormat(48, {
  /** From the image's first byte. */
  offset: { at: 0, type: "u64" },
  size: { at: 8, type: "u64" },
  sha256: { at: 16, type: "bytes", length: 32 },
});

/** Where the table of parts begins behind a device tree. */
export const partTableStart = (treeStart: number, treeSize: number): number => alignUp(treeStart + treeSize, 8);

/** The boot header of a core's image; undefined in any other file. */
export function readBootHeader(file: Uint8Array): ReturnType<typeof bootHeader.decode> {
  const header = bootHeader.decode(file, bootHeaderOffset);
  return header?.magic.every((byte, index) => byte === bootHeaderMagic[index]) === true ? header : undefined;
}
