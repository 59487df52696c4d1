import {
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from "@peculiar/asn1-cms";
import type { Attribute } from "@peculiar/asn1-cms";
import { OctetString } from "@peculiar/asn1-schema";
import { Certificate as Asn1Certificate } from "@peculiar/asn1-x509";
import { invariant } from "../../base/invariant.ts";
import { sameBytes } from "../../base/same-bytes.ts";
import { fromDer, toDer } from "../asn1/der.ts";
import { bufferOf, rsaEncryption, withNull } from "../x509/rsa-key.ts";
import { attributeValue, attributesOf, signedMessage } from "./attributes.ts";
import { contentTypeOid, indirectDataOid, messageDigestOid, sha256Oid, signedDataOid } from "./oids.ts";

/** PKCS #7 SignedData version 1 with one signer (RFC 2315, 9.1), as Authenticode has it. */
export interface AuthenticodeSignature {
  /** DER of SpcIndirectDataContent. */
  readonly content: Uint8Array;
  /** DER of each, the signer's first where we wrote them. */
  readonly certificates: readonly Uint8Array[];
  /** Who signed: a certificate's issuer, in DER, and its serial number. */
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
  /** The hash of `content` that is signed. */
  readonly messageDigest: Uint8Array;
  /** What the signature is over: the attributes, in DER. */
  readonly message: Uint8Array;
  readonly value: Uint8Array;
}

export type SignatureRead =
  | { readonly kind: "signature"; readonly signature: AuthenticodeSignature }
  | { readonly kind: "broken"; readonly reason: string };

/** What is signed for a content with this hash: no time, so that the same image has the same signature. */
export const messageOf = (messageDigest: Uint8Array): Uint8Array => signedMessage(attributesOf(messageDigest));

/** ContentInfo of a signature over `messageOf` the content's hash. `certificates` begin with the signer's. */
export function encodeSignature(
  content: Uint8Array,
  messageDigest: Uint8Array,
  certificates: readonly Uint8Array[],
  value: Uint8Array,
): Uint8Array {
  const parsed = certificates.map((der) => {
    const certificate = fromDer(der, Asn1Certificate);
    invariant(certificate, "certificates that were read");
    return certificate;
  });
  const [signer] = parsed;
  invariant(signer, "the signer's certificate");
  const { issuer, serialNumber } = signer.tbsCertificate;
  const signedData = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([sha256()]),
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: indirectDataOid,
      eContent: new EncapsulatedContent({ any: bufferOf(content) }),
    }),
    certificates: new CertificateSet(parsed.map((certificate) => new CertificateChoices({ certificate }))),
    signerInfos: new SignerInfos([
      new SignerInfo({
        version: CMSVersion.v1,
        sid: new SignerIdentifier({ issuerAndSerialNumber: new IssuerAndSerialNumber({ issuer, serialNumber }) }),
        digestAlgorithm: sha256(),
        signedAttrs: [...attributesOf(messageDigest)],
        signatureAlgorithm: new SignatureAlgorithmIdentifier({ algorithm: rsaEncryption, parameters: null }),
        signature: new OctetString(bufferOf(value)),
      }),
    ]),
  });
  return toDer(new ContentInfo({ contentType: signedDataOid, content: bufferOf(toDer(signedData)) }));
}

/**
 * Reads what these bytes, and no others, are the encoding of. All that no signature covers has the one value that it may
 * have, or names what the signature is checked with.
 */
export function decodeSignature(der: Uint8Array): SignatureRead {
  const info = fromDer(der, ContentInfo);
  const signedData = info?.contentType === signedDataOid && fromDer(new Uint8Array(info.content), SignedData);
  if (!signedData) return broken("it is no PKCS #7 SignedData in DER");
  const { version, digestAlgorithms, encapContentInfo, certificates, crls, signerInfos } = signedData;
  if (version !== CMSVersion.v1 || crls !== undefined) return broken("it has more than a signature of version 1");
  if (digestAlgorithms.length !== 1 || !isSha256(digestAlgorithms[0])) return broken("its digest is not SHA-256");
  const content = encapContentInfo.eContent?.any;
  if (encapContentInfo.eContentType !== indirectDataOid || content === undefined)
    return broken("its content is not Authenticode's");
  const [signer, ...more] = signerInfos;
  if (signer === undefined || more.length > 0) return broken(`it has ${signerInfos.length} signers, not one`);
  const found = signerOf(signer);
  if (typeof found === "string") return broken(found);
  const all: Uint8Array[] = [];
  for (const { certificate } of certificates === undefined ? [] : [...certificates]) {
    if (certificate === undefined) return broken("it holds something else than certificates");
    all.push(toDer(certificate));
  }
  return { kind: "signature", signature: { content: new Uint8Array(content), certificates: all, ...found } };
}

const broken = (reason: string): SignatureRead => ({ kind: "broken", reason });

const sha256 = (): DigestAlgorithmIdentifier =>
  new DigestAlgorithmIdentifier({ algorithm: sha256Oid, parameters: null });

const isSha256 = (algorithm: unknown): boolean => withNull(sha256Oid).isEqual(algorithm);

type SignerFacts = Omit<AuthenticodeSignature, "content" | "certificates">;

/** What a signer says, or why that is not a signature of ours. */
function signerOf(signer: SignerInfo): SignerFacts | string {
  const { issuerAndSerialNumber } = signer.sid;
  if (signer.version !== CMSVersion.v1 || issuerAndSerialNumber === undefined)
    return "it does not name its signer's certificate";
  if (!isSha256(signer.digestAlgorithm)) return "its digest is not SHA-256";
  if (!withNull(rsaEncryption).isEqual(signer.signatureAlgorithm)) return "its algorithm is not RSA with PKCS #1 v1.5";
  if (signer.unsignedAttrs !== undefined) return "it has attributes that are not signed";
  const attributes: readonly Attribute[] = signer.signedAttrs ?? [];
  const type = attributeValue(attributes, contentTypeOid);
  const messageDigest = attributeValue(attributes, messageDigestOid);
  const planned = attributeValue(attributesOf(new Uint8Array(32)), contentTypeOid);
  if (type === undefined || planned === undefined || !sameBytes(type, planned))
    return "what it signs is not Authenticode's content";
  // An OCTET STRING of 32 bytes.
  if (messageDigest?.length !== 34 || messageDigest[0] !== 4 || messageDigest[1] !== 32)
    return "it signs no SHA-256 of its content";
  return {
    issuer: toDer(issuerAndSerialNumber.issuer),
    serial: new Uint8Array(issuerAndSerialNumber.serialNumber),
    messageDigest: messageDigest.subarray(2),
    message: signedMessage(attributes),
    value: new Uint8Array(signer.signature.buffer),
  };
}
