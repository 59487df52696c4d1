import {
  BasicConstraints,
  Certificate as Asn1Certificate,
  ExtendedKeyUsage,
  KeyUsage,
  KeyUsageFlags,
} from "@peculiar/asn1-x509";
import type { Extension } from "@peculiar/asn1-x509";
import { fromDer, toDer } from "../asn1/der.ts";
import { developmentUnit } from "./development.ts";
import { hasUnit, nameText } from "./name.ts";
import { rsaKeyOf } from "./rsa-key.ts";
import type { RsaNumbers } from "./rsa-key.ts";

/** Hashes of signature algorithms that are taken (RFC 4055, 5; RFC 5754, 3.2): no SHA-1. */
const signatureHashes = {
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
} as const;

export type SignatureHash = (typeof signatureHashes)[keyof typeof signatureHashes];

const oids = {
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  anyPurpose: "2.5.29.37.0",
  codeSigning: "1.3.6.1.5.5.7.3.3",
} as const;

/** What is understood of an X.509 certificate (RFC 5280, 4.1). Nothing of it is proven. */
export interface Certificate {
  readonly der: Uint8Array;
  /** What its issuer signed, and how. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  /** Undefined for algorithms that are not taken. */
  readonly hash: SignatureHash | undefined;
  /** DER of the names. */
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  /** Made by `xenimg keygen`: its subject says so. */
  readonly development: boolean;
  /** In words, for people. */
  readonly subjectText: string;
  readonly issuerText: string;
  readonly serial: Uint8Array;
  /** First and last moment, in milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Undefined for keys that are not RSA's. */
  readonly key: RsaNumbers | undefined;
  /** May issue certificates; below it as many others as `pathLength`, where it says so. */
  readonly authority: boolean;
  readonly pathLength: number | undefined;
  /** Why it may not sign code; undefined where it may. */
  readonly notForCode: string | undefined;
  /** An extension that must be understood, and is not. */
  readonly unknownExtension: string | undefined;
}

/** Undefined for what is no certificate in DER. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  const certificate = fromDer(der, Asn1Certificate);
  if (certificate === undefined) return undefined;
  const { tbsCertificate: tbs, signatureAlgorithm, signatureValue } = certificate;
  // The signed algorithm and the unsigned one have to be the same (RFC 5280, 4.1.1.2).
  const known = tbs.signature.isEqual(signatureAlgorithm) ? signatureAlgorithm.algorithm : "";
  const extensions = readExtensions(tbs.extensions ?? []);
  if (extensions === undefined) return undefined;
  return {
    der,
    signed: toDer(tbs),
    signature: new Uint8Array(signatureValue),
    hash: signatureHashes[known as keyof typeof signatureHashes],
    subject: toDer(tbs.subject),
    issuer: toDer(tbs.issuer),
    development: hasUnit(tbs.subject, developmentUnit),
    subjectText: nameText(tbs.subject),
    issuerText: nameText(tbs.issuer),
    serial: new Uint8Array(tbs.serialNumber),
    notBefore: tbs.validity.notBefore.getTime().getTime(),
    notAfter: tbs.validity.notAfter.getTime().getTime(),
    key: rsaKeyOf(tbs.subjectPublicKeyInfo),
    ...extensions,
  };
}

type ExtensionFacts = Pick<Certificate, "authority" | "pathLength" | "notForCode" | "unknownExtension">;

/** Undefined where an extension that is known is broken. */
function readExtensions(extensions: readonly Extension[]): ExtensionFacts | undefined {
  const valueOf = <T extends object>(oid: string, type: new () => T): T | "broken" | undefined => {
    const found = extensions.find(({ extnID }) => extnID === oid);
    return found && (fromDer(new Uint8Array(found.extnValue.buffer), type) ?? "broken");
  };
  const constraints = valueOf(oids.basicConstraints, BasicConstraints);
  const usage = valueOf(oids.keyUsage, KeyUsage);
  const purposes = valueOf(oids.extendedKeyUsage, ExtendedKeyUsage);
  if (constraints === "broken" || usage === "broken" || purposes === "broken") return undefined;
  const understood: readonly string[] = [oids.basicConstraints, oids.keyUsage, oids.extendedKeyUsage];
  const may = (flag: KeyUsageFlags): boolean => usage === undefined || (usage.toNumber() & flag) !== 0;
  const forCode = purposes?.some((each) => each === oids.codeSigning || each === oids.anyPurpose) ?? true;
  return {
    authority: constraints?.cA === true && may(KeyUsageFlags.keyCertSign),
    pathLength: constraints?.pathLenConstraint,
    notForCode: !may(KeyUsageFlags.digitalSignature)
      ? "its key usage has no digital signatures"
      : forCode
        ? undefined
        : "its extended key usage has no code signing",
    unknownExtension: extensions.find(({ critical, extnID }) => critical && !understood.includes(extnID))?.extnID,
  };
}
