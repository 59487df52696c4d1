import { sameBytes } from "../../base/same-bytes.ts";
import { ecdsaFromDer, ecdsaToDer } from "../../codecs/ecdsa-signature.ts";
import type { VerifyingKey } from "../../ir/signer.ts";
import { keyKind, rsaPaddings, signatureSize } from "../../ir/signer.ts";

/** How a key signed a manifest: "RSA-3072, PKCS #1 v1.5", "ECDSA P-256"; undefined where it did not. */
export function signatureOf(
  manifest: Uint8Array,
  signature: Uint8Array,
  { key, verify }: VerifyingKey,
): string | undefined {
  if (key.kind === "ec") {
    const raw = ecdsaFromDer(signature, signatureSize(key) / 2);
    // A number has one encoding.
    const holds = raw && sameBytes(ecdsaToDer(raw), signature) && verify("sha256", manifest, raw);
    return holds === true ? keyKind(key) : undefined;
  }
  if (signature.length !== signatureSize(key)) return undefined;
  const padding = rsaPaddings.find((each) => verify("sha256", manifest, signature, each));
  return padding && `${keyKind(key)}, ${{ pkcs1: "PKCS #1 v1.5", pss: "PSS" }[padding]}`;
}
