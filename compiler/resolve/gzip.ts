import { gunzipSync } from "node:zlib";
import { formatSize } from "../base/units.ts";

export type Unpacked =
  | { readonly kind: "ok"; readonly bytes: Uint8Array }
  /** What the trailer announces; larger than anything that is unpacked to look inside. */
  | { readonly kind: "too-large"; readonly size: number }
  | { readonly kind: "damaged"; readonly reason: string };

/** Unpacking is for finding damage before the board does; no kernel is near this size. */
const unpackLimit = 2 ** 30;

/** Where the trailer announces more than that, it may be no trailer: a file that was cut short still shows here. */
const trialLimit = 2 ** 28;

export const isGzip = (file: Uint8Array): boolean => file[0] === 0x1f && file[1] === 0x8b;

/** RFC 1952: 10 bytes of header, deflated data, CRC-32 and ISIZE, the unpacked size modulo 2^32. */
export function unpack(file: Uint8Array): Unpacked {
  if (file.length < 18) return { kind: "damaged", reason: `only ${file.length} bytes` };
  const size = new DataView(file.buffer, file.byteOffset).getUint32(file.length - 4, true);
  try {
    // The hypervisor makes room for ISIZE bytes: more than that is as wrong as less.
    const bytes = gunzipSync(file, { maxOutputLength: size > unpackLimit ? trialLimit : Math.max(1, size) });
    if (bytes.length === size) return { kind: "ok", bytes };
    return { kind: "damaged", reason: `it unpacks to ${formatSize(bytes.length)}, its end says ${formatSize(size)}` };
  } catch (error) {
    const { code = "", message } = error as { readonly code?: string; readonly message: string };
    if (code === "ERR_BUFFER_TOO_LARGE" && size > unpackLimit) return { kind: "too-large", size };
    return { kind: "damaged", reason: reasons.get(code) ?? dataError(message) };
  }
}

const reasons = new Map([
  ["Z_BUF_ERROR", "it ends too early"],
  ["ERR_BUFFER_TOO_LARGE", "its end does not say how much it unpacks to (cut short, or with something appended)"],
]);

/** zlib's own words: "incorrect data check", "incorrect length check", "invalid distance too far back", … */
const dataError = (message: string): string =>
  message.includes("check") ? "its checksum is wrong" : `its data is not deflate (${message})`;
