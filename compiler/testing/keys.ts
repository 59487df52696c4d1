import type { KeyObject } from "node:crypto";
import { constants, createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import type { Piece } from "../ir/artifact.ts";
import type { Digest } from "../ir/host.ts";
import type { EcCurve, PublicKey, RsaPadding, RsaSize, Signer, VerifyingKey } from "../ir/signer.ts";

/** Hashes as the command line's host has them. */
export const realDigest: Digest = (algorithm, pieces) => {
  const hash = createHash(algorithm);
  for (const piece of pieces) hash.update(bytesOf(piece));
  return hash.digest("hex");
};

const bytesOf = (piece: Piece): Uint8Array => (piece instanceof Uint8Array ? piece : new Uint8Array(piece.zeros));

export interface TestKey extends Signer, VerifyingKey {
  readonly privateKey: KeyObject;
}

/** A key of its own, with both of its ends: RSA of so many bits, or on a curve. */
export function testKey(name: string, kind: RsaSize | EcCurve = 2048): TestKey {
  const { publicKey, privateKey } =
    typeof kind === "number"
      ? generateKeyPairSync("rsa", { modulusLength: kind })
      : generateKeyPairSync("ec", { namedCurve: kind === "p256" ? "P-256" : "P-384" });
  const { n = "", e = "", x = "", y = "" } = publicKey.export({ format: "jwk" });
  const number = (text: string): Uint8Array => Buffer.from(text, "base64url");
  const key: PublicKey =
    typeof kind === "number"
      ? { kind: "rsa", bits: kind, modulus: number(n), exponent: number(e) }
      : { kind: "ec", curve: kind, x: number(x), y: number(y) };
  return {
    name,
    key,
    privateKey,
    development: false,
    sign: (hash, message, padding) =>
      Promise.resolve({ value: sign(hash, message, { key: privateKey, ...ways(padding) }), diagnostics: [] }),
    verify: (hash, message, signature, padding) =>
      verify(hash, message, { key: publicKey, ...ways(padding) }, signature),
  };
}

const ways = (
  padding: RsaPadding = "pkcs1",
): { readonly dsaEncoding: "ieee-p1363"; readonly padding: number; readonly saltLength?: number } => ({
  dsaEncoding: "ieee-p1363",
  ...(padding === "pss"
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN }
    : { padding: constants.RSA_PKCS1_PADDING }),
});
