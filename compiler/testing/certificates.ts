import { OctetString } from "@peculiar/asn1-schema";
import {
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  Name,
  RelativeDistinguishedName,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";
import { createPublicKey, verify } from "node:crypto";
import { toDer } from "../codecs/asn1/der.ts";
import type { RsaVerify } from "../codecs/x509/chain.ts";
import { bufferOf, rsaKeyInfo, withNull } from "../codecs/x509/rsa-key.ts";
import type { RsaNumbers } from "../codecs/x509/rsa-key.ts";
import { invariant } from "../base/invariant.ts";
import { testKey } from "./keys.ts";
import type { TestKey } from "./keys.ts";

/** RSA as the command line's host has it. */
export const rsaVerify: RsaVerify = ({ modulus, exponent }, hash, message, signature) => {
  const number = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
  const key = createPublicKey({ key: { kty: "RSA", n: number(modulus), e: number(exponent) }, format: "jwk" });
  return verify(hash, message, key, signature);
};

export interface TestCertificate {
  readonly key: TestKey;
  /** Its public half. */
  readonly rsa: RsaNumbers;
  readonly name: string;
  readonly der: Uint8Array;
}

interface CertificateOptions {
  readonly name: string;
  readonly key?: TestKey;
  /** Left out: itself. */
  readonly issuer?: TestCertificate;
  readonly constraints?: { readonly cA: boolean; readonly pathLenConstraint?: number };
  readonly from?: string;
  readonly to?: string;
  readonly extensions?: readonly Extension[];
}

const nameOf = (name: string): Name =>
  new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: "2.5.4.3", value: new AttributeValue({ utf8String: name }) }),
    ]),
  ]);

export const extension = (extnID: string, value: object, critical = true): Extension =>
  new Extension({ extnID, critical, extnValue: new OctetString(bufferOf(toDer(value))) });

/** A certificate of a key, signed by its issuer, valid in the twenties. */
export async function certificate({
  name,
  key = testKey(name),
  issuer,
  constraints,
  from = "2020-01-01T00:00:00Z",
  to = "2029-12-31T23:59:59Z",
  extensions = [],
}: CertificateOptions): Promise<TestCertificate> {
  const rsa = key.key;
  invariant(rsa.kind === "rsa", "an RSA key");
  const sha256WithRsa = withNull("1.2.840.113549.1.1.11");
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: Uint8Array.of(1, name.length).buffer,
    signature: sha256WithRsa,
    issuer: nameOf(issuer?.name ?? name),
    validity: new Validity({ notBefore: new Date(from), notAfter: new Date(to) }),
    subject: nameOf(name),
    subjectPublicKeyInfo: rsaKeyInfo(rsa),
    extensions: new Extensions([
      ...(constraints ? [extension("2.5.29.19", new BasicConstraints(constraints))] : []),
      ...extensions,
      // Never an empty list.
      extension("2.5.29.14", new OctetString(Uint8Array.of(1).buffer), false),
    ]),
  });
  const { value: signature } = await (issuer?.key ?? key).sign("sha256", toDer(tbsCertificate));
  invariant(signature, "a signature");
  const signatureValue = bufferOf(signature);
  return {
    key,
    rsa,
    name,
    der: toDer(new Certificate({ tbsCertificate, signatureAlgorithm: sha256WithRsa, signatureValue })),
  };
}

/** In PEM, for other programs. */
export const pemOf = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`.replace(
    /.{64}(?=.)/g,
    "$&\n",
  );
