import { sameBytes } from "../../base/same-bytes.ts";
import { firstElement } from "../../codecs/asn1/der.ts";
import { decodeSignature } from "../../codecs/authenticode/signed-data.ts";
import type { AuthenticodeSignature } from "../../codecs/authenticode/signed-data.ts";
import { decodeIndirectData } from "../../codecs/authenticode/spc.ts";
import { certificateAlignment, decodeCertificateTable } from "../../codecs/pe/certificates.ts";
import type { PeFile } from "../../codecs/pe/read.ts";
import { readCertificate } from "../../codecs/x509/certificate.ts";
import type { Certificate } from "../../codecs/x509/certificate.ts";

/** The Authenticode signature of a PE, as it says itself. Nothing is proven. */
export type PeSignature =
  | { readonly kind: "none" }
  | { readonly kind: "broken"; readonly reason: string }
  | ({
      readonly kind: "signed";
      /** DER of the whole signature, a ContentInfo. */
      readonly element: Uint8Array;
      /** The digest of the file that was signed. */
      readonly digest: Uint8Array;
      readonly signer: Certificate;
      /** All others. */
      readonly others: readonly Certificate[];
    } & Omit<AuthenticodeSignature, "certificates">);

/** Reads the signature of a PE, trusting nothing in it. */
export function readPeSignature(bytes: Uint8Array, { certificates }: PeFile): PeSignature {
  if (certificates === undefined) return { kind: "none" };
  const { start, size } = certificates;
  return readTable(bytes.subarray(start, start + size));
}

const broken = (reason: string): PeSignature => ({ kind: "broken", reason });

/** No signature with its certificates is longer. */
const longest = 2 ** 16;

function readTable(table: Uint8Array): PeSignature {
  if (table.length > longest) return broken("its certificate table is longer than any signature");
  const entries = decodeCertificateTable(table);
  if (typeof entries === "string") return broken(entries);
  const [entry, ...more] = entries;
  if (entry === undefined || more.length > 0)
    return broken(`it has ${entries.length} signatures, and firmware takes any of them`);
  const { element, rest } = firstElement(entry) ?? {};
  // Padding is counted in the entry's length by some, and not by others.
  if (
    element === undefined ||
    rest === undefined ||
    rest.length >= certificateAlignment ||
    rest.some((byte) => byte !== 0)
  )
    return broken("its certificate table holds something else than one signature");
  const read = decodeSignature(element);
  if (read.kind === "broken") return read;
  const { certificates, ...signature } = read.signature;
  const digest = decodeIndirectData(signature.content);
  if (digest === undefined) return broken("what it signs is no SHA-256 of a PE file");
  const all: Certificate[] = [];
  for (const der of certificates) {
    const certificate = readCertificate(der);
    if (certificate === undefined) return broken("one of its certificates is broken");
    all.push(certificate);
  }
  const signer = all.find(
    ({ issuer, serial }) => sameBytes(issuer, signature.issuer) && sameBytes(serial, signature.serial),
  );
  if (signer === undefined) return broken("its signer's certificate is not in it");
  return { kind: "signed", element, ...signature, digest, signer, others: all.filter((each) => each !== signer) };
}
