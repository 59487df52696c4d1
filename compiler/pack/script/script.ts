import { crc32 } from "../../base/crc32.ts";
import { joinBytes } from "../../base/join-bytes.ts";

/** U-Boot's "legacy" image header (include/image.h as its documentation describes it): big-endian, 64 bytes. */
const headerSize = 64;
const magic = 0x2705_1956;
/** Linux, arm64, script, uncompressed: what `mkimage -A arm64 -T script -C none` writes. */
const kind = Uint8Array.of(5, 22, 6, 0);
const longestName = 32;

export interface ScriptOptions {
  /** What U-Boot shows; cut to 32 bytes of ASCII. */
  readonly name: string;
  /** When it was made: seconds from 1970. */
  readonly time: number;
}

/** boot.scr: a script as U-Boot's `source` takes it, as mkimage makes it. */
export function scriptImage(script: Uint8Array, { name, time }: ScriptOptions): Uint8Array {
  const data = joinBytes([lengths(script.length), script]);
  const header = new Uint8Array(headerSize);
  const view = new DataView(header.buffer);
  view.setUint32(0, magic);
  view.setUint32(8, time);
  view.setUint32(12, data.length);
  view.setUint32(24, crc32(data));
  header.set(kind, 28);
  header.set(new TextEncoder().encode(name.replaceAll(/[^ -~]/g, "?").slice(0, longestName)), 32);
  // Over the header with zeros in its place.
  view.setUint32(4, crc32(header));
  return joinBytes([header, data]);
}

/** The list of parts: one, and the end of the list. */
function lengths(length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}
