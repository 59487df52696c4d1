import type { KeyObject } from "node:crypto";
import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import type { Piece } from "../ir/artifact.ts";
import type { Digest } from "../ir/host.ts";
import type { PublicKey, RsaSize, Signer, VerifyingKey } from "../ir/signer.ts";

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

/** A key of its own, with both of its ends. */
export function testKey(name: string, bits: RsaSize = 2048): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const key: PublicKey = {
    kind: "rsa",
    bits,
    modulus: Buffer.from(n, "base64url"),
    exponent: Buffer.from(e, "base64url"),
  };
  return {
    name,
    key,
    privateKey,
    development: false,
    sign: (hash, message) => Promise.resolve(sign(hash, message, privateKey)),
    verify: (hash, message, signature) => verify(hash, message, publicKey, signature),
  };
}
