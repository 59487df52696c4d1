import type { Value, ValueType } from "../tree.ts";

/** Printable ASCII, NUL, and the control characters that have a letter escape: \a \b \t \n \v \f \r. */
const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte === 0 || (byte >= 7 && byte <= 13);

/** The type that dtc assumes where a value has none: text if it reads as text, else cells, else bytes. */
export function guessType({ bytes, markers }: Value): ValueType {
  const labels = markers.filter(({ kind, offset }) => kind === "label" && offset > 0);
  if (readsAsText(bytes) && labels.every(({ offset }) => bytes[offset - 1] === 0)) return "string";
  return bytes.length % 4 === 0 && labels.every(({ offset }) => offset % 4 === 0) ? "uint32" : "uint8";
}

/** Ends in a NUL, and has no more NULs than other characters. */
function readsAsText(bytes: Uint8Array): boolean {
  if (bytes.at(-1) !== 0) return false;
  let nuls = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (!isText(byte)) return false;
    if (byte === 0) nuls++;
  }
  return nuls <= bytes.length - nuls;
}
