import { sameBytes } from "../../base/same-bytes.ts";
import { quoted } from "../../base/printable.ts";
import type { Certificate, SignatureHash } from "./certificate.ts";
import type { RsaNumbers } from "./rsa-key.ts";

/** Whether a signature is the key's over a message: RSASSA-PKCS1-v1_5. */
export type RsaVerify = (key: RsaNumbers, hash: SignatureHash, message: Uint8Array, signature: Uint8Array) => boolean;

/** What is trusted: a public key, or the certificate of one. */
export interface Anchor {
  readonly key: RsaNumbers;
  readonly certificate?: Certificate;
}

/** `trusted` certificates begin with the signer's; each is issued by the next. */
export type ChainRead =
  | { readonly kind: "trusted"; readonly certificates: readonly Certificate[] }
  | { readonly kind: "refused"; readonly reason: string };

const refused = (reason: string): ChainRead => ({ kind: "refused", reason });

export const sameKey = (a: RsaNumbers, b: RsaNumbers): boolean =>
  sameBytes(a.modulus, b.modulus) && sameBytes(a.exponent, b.exponent);

/** Fewer bits are not taken. */
const leastBytes = 2048 / 8;

/**
 * The way from a signer's certificate to what is trusted (RFC 5280, 6.1, without names' constraints and policies, which
 * are refused where they must be understood). Each of `others` has to be on it, and all of it proven: up to the trusted
 * certificate, to one that the trusted key signed, or to one that signed itself.
 */
export function readChain(
  signer: Certificate,
  others: readonly Certificate[],
  anchor: Anchor,
  verify: RsaVerify,
): ChainRead {
  const chain = [signer];
  const known = anchor.certificate ? [...others, anchor.certificate] : others;
  let top: Certificate = signer;
  let trusted = false;
  for (;;) {
    const reason = unusable(top, chain.length - 1);
    if (reason !== undefined) return refused(`${quoted(top.subjectText)} ${reason}`);
    const key = top.key;
    trusted ||= key !== undefined && sameKey(key, anchor.key);
    if (anchor.certificate && sameBytes(top.der, anchor.certificate.der)) break;
    const issuers = known.filter((each) => sameBytes(each.subject, top.issuer) && !chain.includes(each));
    const issuer = issuers.find((each) => each.key !== undefined && signedBy(top, each.key, verify));
    if (issuer === undefined) {
      if (key !== undefined && sameBytes(top.subject, top.issuer) && signedBy(top, key, verify)) break;
      if (!signedBy(top, anchor.key, verify))
        return refused(
          `nothing proves ${quoted(top.subjectText)}, which ${quoted(top.issuerText)} is said to have issued`,
        );
      trusted = true;
      break;
    }
    chain.push(issuer);
    top = issuer;
  }
  const stranger = others.find((each) => !chain.includes(each));
  if (stranger !== undefined) return refused(`${quoted(stranger.subjectText)} is in it, and nothing proves it`);
  return trusted ? { kind: "trusted", certificates: chain } : refused("none of its certificates is of the given key");
}

const signedBy = ({ hash, signed, signature }: Certificate, key: RsaNumbers, verify: RsaVerify): boolean =>
  hash !== undefined && verify(key, hash, signed, signature);

/** Why a certificate cannot be where it is, with `below` others issued by it or by those; undefined where it can. */
function unusable(certificate: Certificate, below: number): string | undefined {
  const { key, unknownExtension, notForCode, authority, pathLength } = certificate;
  if (key === undefined) return "has a key that is not RSA's";
  if (key.modulus.length < leastBytes) return `has a key of ${key.modulus.length * 8} bits`;
  if (unknownExtension !== undefined) return `has an extension that must be understood, ${unknownExtension}`;
  if (below === 0) return notForCode && `cannot sign: ${notForCode}`;
  if (!authority) return "is no authority, and issued another";
  return pathLength !== undefined && below - 1 > pathLength ? "issued more authorities than it may" : undefined;
}

/** The certificates that are not valid at a moment, in milliseconds since 1970. */
export const outdated = (certificates: readonly Certificate[], now: number): readonly Certificate[] =>
  certificates.filter(({ notBefore, notAfter }) => !(notBefore <= now && now <= notAfter));

/** Why certificates are not a signer's and each one's issuer's, in this order; undefined where they are. */
export function orderProblem(certificates: readonly Certificate[], verify: RsaVerify): string | undefined {
  for (const [index, certificate] of certificates.entries()) {
    const reason = unusable(certificate, index);
    if (reason !== undefined) return `${quoted(certificate.subjectText)} ${reason}`;
    const issuer = certificates[index + 1];
    if (issuer === undefined) continue;
    const issued = sameBytes(issuer.subject, certificate.issuer);
    if (!issued || issuer.key === undefined || !signedBy(certificate, issuer.key, verify))
      return `${quoted(certificate.subjectText)} is not issued by the next, ${quoted(issuer.subjectText)}`;
  }
  return undefined;
}
