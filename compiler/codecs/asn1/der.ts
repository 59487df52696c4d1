import { AsnParser, AsnSerializer } from "@peculiar/asn1-schema";
import { sameBytes } from "../../base/same-bytes.ts";

/** A class of an ASN.1 type's values, as @peculiar/asn1-schema describes them. */
export type Asn1Type<T> = new () => T;

/** The DER of a value. */
export const toDer = (value: object): Uint8Array => new Uint8Array(AsnSerializer.serialize(value));

/**
 * The value that these bytes, and no others, are the encoding of (X.690, 10): undefined for what is broken, encoded in
 * another of BER's ways, or has something behind it. The library throws on malformed input, and takes all of BER.
 */
export function fromDer<T extends object>(bytes: Uint8Array, type: Asn1Type<T>): T | undefined {
  try {
    const value = AsnParser.parse(bytes, type);
    return sameBytes(toDer(value), bytes) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes of tag and length (X.690, 8.1) that an element's DER begins with; undefined where they are not all there. */
function headerLength(bytes: Uint8Array): number | undefined {
  const [, first] = bytes;
  if (first === undefined) return undefined;
  const length = 2 + (first < 0x80 ? 0 : first - 0x80);
  return length > 6 || length > bytes.length ? undefined : length;
}

/** An element's content, without its tag and length. */
export const contentOf = (der: Uint8Array): Uint8Array => der.subarray(headerLength(der) ?? der.length);

/** The element that bytes begin with, and what is behind it; undefined where it is not all there. */
export function firstElement(
  bytes: Uint8Array,
): { readonly element: Uint8Array; readonly rest: Uint8Array } | undefined {
  const header = headerLength(bytes);
  if (header === undefined) return undefined;
  const content =
    header === 2 ? (bytes[1] ?? 0) : bytes.subarray(2, header).reduce((length, byte) => length * 256 + byte, 0);
  const end = header + content;
  return end > bytes.length ? undefined : { element: bytes.subarray(0, end), rest: bytes.subarray(end) };
}
