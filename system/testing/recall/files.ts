import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { guest } from "../paths.ts";

export const kernel = (): Uint8Array => readFileSync(guest("hello"));

/** No header of any kind. */
export const junk = new Uint8Array(0x1_0000).fill(0x41);

/** Begins as a cpio archive does. */
export function ramdisk(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(new TextEncoder().encode("070701"));
  return bytes;
}

/** The guest, compressed and hurt on the way. */
export function damagedGzip(): Uint8Array {
  const packed = gzipSync(kernel());
  const middle = packed.length >> 1;
  packed.fill(0xff, middle, middle + 2);
  return packed;
}

/** U-Boot's image.h, big endian: operating system Linux, an architecture, a kernel; load and entry address. */
export function uimage(architecture: number, load: number): Uint8Array {
  const data = kernel();
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x2705_1956, 0);
  header.writeUInt32BE(data.length, 12);
  header.writeUInt32BE(load, 16);
  header.writeUInt32BE(load, 20);
  header.set([5, architecture, 2, 0], 28);
  return Buffer.concat([header, data]);
}

/** Linux, Documentation/arch/arm/booting.rst: magic number, begin and end at 0x24. */
export function zimage(): Uint8Array {
  const image = Buffer.alloc(0x1_0000);
  image.writeUInt32LE(0x016f_2818, 0x24);
  image.writeUInt32LE(image.length, 0x2c);
  return image;
}
