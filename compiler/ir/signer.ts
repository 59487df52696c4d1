import type { HashAlgorithm } from "./host.ts";

/** Bits of the moduli that U-Boot verifies with. */
export const rsaSizes = [2048, 3072, 4096] as const;
export type RsaSize = (typeof rsaSizes)[number];

/** Modulus and exponent, big-endian, without leading zeros (RFC 8017, 3.1). */
export interface RsaKey {
  readonly kind: "rsa";
  readonly bits: RsaSize;
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

export type PublicKey = RsaKey;

/** Somebody who holds a private key: a file, a token. The compiler never sees the key. */
export interface Signer {
  /** What the key is called, by its holder and by loaders: U-Boot's key node is `key-NAME`. */
  readonly name: string;
  readonly key: PublicKey;
  /** Made by `xenimg keygen`, for development only. */
  readonly development: boolean;
  /** A signature over a message: RSASSA-PKCS1-v1_5 (RFC 8017, 8.2). */
  readonly sign: (hash: HashAlgorithm, message: Uint8Array) => Promise<Uint8Array>;
}

/** A public key, and whoever can tell whether a signature is its. */
export interface VerifyingKey {
  readonly key: PublicKey;
  readonly verify: (hash: HashAlgorithm, message: Uint8Array, signature: Uint8Array) => boolean;
}
