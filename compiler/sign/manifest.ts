import { ecdsaToDer } from "../codecs/ecdsa-signature.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { Artifact } from "../ir/artifact.ts";
import { manifestFiles } from "../ir/manifest.ts";
import type { RsaPadding, Signer } from "../ir/signer.ts";

/**
 * The detached signature over a manifest's bytes, with SHA-256, in the form that `openssl dgst -sha256 -verify` takes: of
 * RSA the number, of ECDSA the DER of r and s.
 */
export async function signManifest(
  manifest: Uint8Array,
  signer: Signer,
  padding?: RsaPadding,
): Promise<Outcome<Artifact>> {
  const { value, diagnostics } = await signer.sign("sha256", manifest, padding);
  if (value === undefined) return { diagnostics };
  const signature = signer.key.kind === "ec" ? ecdsaToDer(value) : value;
  return { value: { path: manifestFiles.signature, pieces: [signature], executable: false }, diagnostics };
}
