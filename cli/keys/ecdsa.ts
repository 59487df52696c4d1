import type { PublicKey } from "../../compiler/index.ts";
import { ecdsaFromDer, signatureSize } from "../../compiler/index.ts";

/**
 * What a signature may be in the form that images want. Tokens give an ECDSA signature as r and s in a row, most
 * programs as DER; bytes of the right length may be either, so that a key has to tell.
 */
export function rawSignatures(bytes: Uint8Array, key: PublicKey): readonly Uint8Array[] {
  const size = signatureSize(key);
  const unpacked = key.kind === "ec" ? ecdsaFromDer(bytes, size / 2) : undefined;
  return [...(bytes.length === size ? [bytes] : []), ...(unpacked ? [unpacked] : [])];
}
