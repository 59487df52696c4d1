import { fromHex } from "../../base/hex.ts";
import type { Sha256 } from "../../ir/host.ts";
import type { DiskFile } from "./files.ts";

/**
 * What a disk is known by, made of what is on it: other contents have another identity, the same contents the same.
 * GUIDs as they lie on the disk.
 */
export interface DiskIdentity {
  readonly disk: Uint8Array;
  readonly partition: Uint8Array;
  /** Of the FAT volume; 32 bits. */
  readonly serial: number;
}

export function identityOf(name: string, files: readonly DiskFile[], sha256: Sha256): DiskIdentity {
  const listed = files.map(({ path, pieces }) => `${sha256(pieces)}  ${path}\n`);
  const hash = (what: string): Uint8Array =>
    fromHex(sha256([new TextEncoder().encode(`xenimg ${what} ${JSON.stringify(name)}\n${listed.join("")}`)]));
  const serial = hash("volume");
  return {
    disk: guid(hash("disk")),
    partition: guid(hash("partition")),
    serial: new DataView(serial.buffer, serial.byteOffset).getUint32(0),
  };
}

/** A UUID of version 8 (RFC 9562, 5.8); of a GUID on disk, the version is in the eighth byte. */
function guid(hash: Uint8Array): Uint8Array {
  const bytes = hash.slice(0, 16);
  bytes[7] = ((bytes[7] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}
