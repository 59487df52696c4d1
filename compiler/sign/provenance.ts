import { Buffer } from "node:buffer";
import { ecdsaToDer } from "../codecs/ecdsa-signature.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { RsaPadding, Signer } from "../ir/signer.ts";

const payloadType = "application/vnd.in-toto+json";

/**
 * An in-toto statement in a signed envelope (DSSE 1.0): one line of JSON. What is signed, with SHA-256, is the statement
 * with its type and both lengths before it.
 */
export async function signStatement(
  statement: Uint8Array,
  signer: Signer,
  padding?: RsaPadding,
): Promise<Outcome<Artifact>> {
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${statement.length} `;
  const { value, diagnostics } = await signer.sign("sha256", Buffer.concat([Buffer.from(head), statement]), padding);
  if (value === undefined) return { diagnostics };
  const signature = signer.key.kind === "ec" ? ecdsaToDer(value) : value;
  const envelope = {
    payloadType,
    payload: base64(statement),
    signatures: [{ keyid: signer.name, sig: base64(signature) }],
  };
  const line = Buffer.from(`${JSON.stringify(envelope)}\n`);
  return { value: { path: "provenance.intoto.jsonl", pieces: [line], executable: false }, diagnostics };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
