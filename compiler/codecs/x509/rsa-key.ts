import { AsnIntegerArrayBufferConverter, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, SubjectPublicKeyInfo } from "@peculiar/asn1-x509";
import { fromDer, toDer } from "../asn1/der.ts";

/** Modulus and exponent, big-endian, without leading zeros. */
export interface RsaNumbers {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** RFC 8017, A.1.1: RSAPublicKey. Integers as bytes, with the zero that keeps them positive. */
class RsaPublicKey {
  modulus = new ArrayBuffer(0);
  publicExponent = new ArrayBuffer(0);
}
const integer = { type: AsnPropTypes.Integer, converter: AsnIntegerArrayBufferConverter };
AsnType({ type: AsnTypeTypes.Sequence })(RsaPublicKey);
AsnProp(integer)(RsaPublicKey.prototype, "modulus");
AsnProp(integer)(RsaPublicKey.prototype, "publicExponent");

/** RFC 8017, A.1: the algorithm's parameters are NULL. */
export const rsaEncryption = "1.2.840.113549.1.1.1";
/** An algorithm's identifier with parameters that are NULL. */
export const withNull = (algorithm: string): AlgorithmIdentifier =>
  new AlgorithmIdentifier({ algorithm, parameters: null });

/** The key of a certificate; undefined where it is none of RSA's. */
export function rsaKeyOf({ algorithm, subjectPublicKey }: SubjectPublicKeyInfo): RsaNumbers | undefined {
  if (algorithm.algorithm !== rsaEncryption) return undefined;
  const key = fromDer(new Uint8Array(subjectPublicKey), RsaPublicKey);
  return key && { modulus: positive(key.modulus), exponent: positive(key.publicExponent) };
}

export function rsaKeyInfo({ modulus, exponent }: RsaNumbers): SubjectPublicKeyInfo {
  const key = new RsaPublicKey();
  key.modulus = signed(modulus);
  key.publicExponent = signed(exponent);
  const bytes = toDer(key);
  return new SubjectPublicKeyInfo({ algorithm: withNull(rsaEncryption), subjectPublicKey: bufferOf(bytes) });
}

const positive = (bytes: ArrayBuffer): Uint8Array => new Uint8Array(bytes, new Uint8Array(bytes)[0] === 0 ? 1 : 0);

/** As an ASN.1 INTEGER has it: with a zero before a first bit that is set. */
const signed = (bytes: Uint8Array): ArrayBuffer =>
  bufferOf((bytes[0] ?? 0) < 0x80 ? bytes : Uint8Array.of(0, ...bytes));

/** Bytes in a buffer of their own, as the ASN.1 library wants them. */
export const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
