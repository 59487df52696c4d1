import { OctetString } from "@peculiar/asn1-schema";
import {
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate as Asn1Certificate,
  Extension,
  Extensions,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";
import { invariant } from "../../base/invariant.ts";
import { fromDer, toDer } from "../asn1/der.ts";
import { developmentUnit } from "./development.ts";
import { bufferOf, rsaKeyInfo, withNull } from "./rsa-key.ts";
import type { RsaNumbers } from "./rsa-key.ts";

const sha256WithRsa = "1.2.840.113549.1.1.11";

/**
 * Valid whatever a development board's clock says: from 2000 to the end of the years that UTCTime has (RFC 5280,
 * 4.1.2.5.1). The mark keeps it out of releases, not the date.
 */
const validity = { notBefore: new Date(Date.UTC(2000, 0, 1)), notAfter: new Date(Date.UTC(2049, 11, 31, 23, 59, 59)) };

/** What a development key signs to have a certificate (RFC 5280, 4.1.2). Twenty bytes at most are a serial number. */
export function developmentCertificate(name: string, key: RsaNumbers, serial: Uint8Array): Uint8Array {
  const attribute = (type: string, utf8String: string): RelativeDistinguishedName =>
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String }) })]);
  const subject = new Name([attribute("2.5.4.11", developmentUnit), attribute("2.5.4.3", name)]);
  const extension = (extnID: string, value: object): Extension =>
    new Extension({ extnID, critical: true, extnValue: new OctetString(bufferOf(toDer(value))) });
  // Positive, and without leading zeros.
  const number = Uint8Array.from(serial, (byte, index) => (index === 0 ? (byte & 0x3f) | 0x40 : byte));
  return toDer(
    new TBSCertificate({
      version: Version.v3,
      serialNumber: bufferOf(number),
      signature: withNull(sha256WithRsa),
      issuer: subject,
      validity: new Validity(validity),
      subject,
      subjectPublicKeyInfo: rsaKeyInfo(key),
      extensions: new Extensions([
        extension("2.5.29.19", new BasicConstraints({ cA: false })),
        extension("2.5.29.15", new KeyUsage(KeyUsageFlags.digitalSignature)),
      ]),
    }),
  );
}

/** The certificate of what was signed with SHA-256. */
export function signedCertificate(signed: Uint8Array, signature: Uint8Array): Uint8Array {
  const tbsCertificate = fromDer(signed, TBSCertificate);
  invariant(tbsCertificate, "what a certificate says");
  return toDer(
    new Asn1Certificate({
      tbsCertificate,
      signatureAlgorithm: withNull(sha256WithRsa),
      signatureValue: bufferOf(signature),
    }),
  );
}
