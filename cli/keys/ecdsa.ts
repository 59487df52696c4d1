import type { PublicKey } from "../../compiler/index.ts";
import { signatureSize } from "../../compiler/index.ts";

/**
 * What a signature may be in the form that images want. Tokens give an ECDSA signature as r and s in a row, most
 * programs as DER (RFC 3279, 2.2.3); bytes of the right length may be either, so that a key has to tell.
 */
export function rawSignatures(bytes: Uint8Array, key: PublicKey): readonly Uint8Array[] {
  const size = signatureSize(key);
  const unpacked = key.kind === "ec" ? fromDer(bytes, size / 2) : undefined;
  return [...(bytes.length === size ? [bytes] : []), ...(unpacked ? [unpacked] : [])];
}

/** r and s of `SEQUENCE { r INTEGER, s INTEGER }`; on these curves each length is one byte. */
function fromDer(bytes: Uint8Array, coordinate: number): Uint8Array | undefined {
  const [tag, length] = bytes;
  if (tag !== 0x30 || length !== bytes.length - 2) return undefined;
  const r = integerAt(bytes, 2, coordinate);
  const s = r && integerAt(bytes, r.end, coordinate);
  if (r === undefined || s?.end !== bytes.length) return undefined;
  return new Uint8Array([...r.value, ...s.value]);
}

function integerAt(
  bytes: Uint8Array,
  at: number,
  size: number,
): { readonly value: Uint8Array; readonly end: number } | undefined {
  const [tag, length = 0] = bytes.subarray(at);
  const end = at + 2 + length;
  if (tag !== 2 || length === 0 || end > bytes.length) return undefined;
  // A number whose first bit is set has a zero before it; a short one has fewer bytes.
  const digits = bytes.subarray(at + 2, end);
  const significant = digits.subarray(digits[0] === 0 ? 1 : 0);
  if (significant.length > size) return undefined;
  const value = new Uint8Array(size);
  value.set(significant, size - significant.length);
  return { value, end };
}
