import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { HashAlgorithm } from "./host.ts";

/** Bits of the moduli that U-Boot verifies with. */
export const rsaSizes = [2048, 3072, 4096] as const;
export type RsaSize = (typeof rsaSizes)[number];

/** Curves of FIPS 186-5 that FIT signatures know; the number is a coordinate's bits. */
export const ecBits = { p256: 256, p384: 384 } as const;
export type EcCurve = keyof typeof ecBits;

/** Modulus and exponent, big-endian, without leading zeros (RFC 8017, 3.1). */
export interface RsaKey {
  readonly kind: "rsa";
  readonly bits: RsaSize;
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** A point on a curve; coordinates big-endian, each as long as the curve's field. */
export interface EcKey {
  readonly kind: "ec";
  readonly curve: EcCurve;
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

export type PublicKey = RsaKey | EcKey;

/** How RSA pads a hash (RFC 8017): "pkcs1" is RSASSA-PKCS1-v1_5 (8.2), "pss" RSASSA-PSS (8.1). ECDSA has no choice. */
export const rsaPaddings = ["pkcs1", "pss"] as const;
export type RsaPadding = (typeof rsaPaddings)[number];

/** Bytes of a key's signatures. */
export const signatureSize = (key: PublicKey): number =>
  key.kind === "rsa" ? key.bits / 8 : (2 * ecBits[key.curve]) / 8;

/** "RSA-3072", "ECDSA P-256". */
export const keyKind = (key: PublicKey): string =>
  key.kind === "rsa" ? `RSA-${key.bits}` : `ECDSA P-${ecBits[key.curve]}`;

/** What the `algo` of a FIT calls a key's signatures, behind the hash: "rsa2048", "ecdsa256". */
export const fitKeyName = (key: PublicKey): string =>
  key.kind === "rsa" ? `rsa${key.bits}` : `ecdsa${ecBits[key.curve]}`;

/** Somebody who holds a private key: a file, a token, a program. The compiler never sees the key. */
export interface Signer {
  /** What the key is called, by its holder and by loaders: U-Boot's key node is `key-NAME`. */
  readonly name: string;
  readonly key: PublicKey;
  /** Made by `xenimg keygen`, for development only. */
  readonly development: boolean;
  /**
   * A signature over a message's hash, which the key has verified: RSA with `padding` (PKCS #1 v1.5 where it is left
   * out), or ECDSA as r and s in a row (IEEE P1363). Messages are short: what is hashed is not held by the signer.
   */
  readonly sign: (hash: HashAlgorithm, message: Uint8Array, padding?: RsaPadding) => Promise<Outcome<Uint8Array>>;
}

/** A public key, and whoever can tell whether a signature is its. */
export interface VerifyingKey {
  readonly key: PublicKey;
  readonly verify: (hash: HashAlgorithm, message: Uint8Array, signature: Uint8Array, padding?: RsaPadding) => boolean;
}
