import { fromHex } from "../../base/hex.ts";
import { sameBytes } from "../../base/same-bytes.ts";
import { alignUp, hex } from "../../base/units.ts";
import { contentOf } from "../../codecs/asn1/der.ts";
import { coveredRanges, strayByte } from "../../codecs/authenticode/covered.ts";
import { certificateAlignment } from "../../codecs/pe/certificates.ts";
import { checkSumOf, wordSum } from "../../codecs/pe/checksum.ts";
import type { PeFile } from "../../codecs/pe/read.ts";
import type { Certificate } from "../../codecs/x509/certificate.ts";
import { outdated, readChain } from "../../codecs/x509/chain.ts";
import type { Anchor, RsaVerify } from "../../codecs/x509/chain.ts";
import { validityOf } from "../../codecs/x509/validity.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Digest } from "../../ir/host.ts";
import type { PeSignature } from "./read.ts";

/** What a signature is held against. */
export interface PeTrust {
  readonly anchor: Anchor;
  readonly verify: RsaVerify;
  /** When certificates have to be valid, in milliseconds since 1970. Firmware does not look at that. */
  readonly now: number;
}

export interface PeProof {
  readonly diagnostics: readonly Diagnostic[];
  /** The signer's certificate, then each issuer's; empty where something is wrong. */
  readonly chain: readonly Certificate[];
}

/**
 * Proves a PE whole: each byte of it is under its digest, which is signed, or under a certificate's signature, or has the
 * one value that the rest leaves it.
 */
export function verifyPe(
  bytes: Uint8Array,
  pe: PeFile,
  signature: PeSignature,
  digest: Digest,
  trust: PeTrust,
): PeProof {
  if (signature.kind === "none") return { diagnostics: [diagnose("XI6241", {})], chain: [] };
  if (signature.kind === "broken")
    return { diagnostics: [diagnose("XI6242", { reason: signature.reason })], chain: [] };
  const chain = readChain(signature.signer, signature.others, trust.anchor, trust.verify);
  const certificates = chain.kind === "trusted" ? chain.certificates : [];
  const found = [
    ...strayBytes(bytes, pe),
    ...wrongDigest(bytes, pe, signature.digest, digest),
    ...wrongSignature(signature, digest, trust),
    ...(chain.kind === "refused" ? [diagnose("XI6245", { reason: chain.reason })] : []),
    ...outdated(certificates, trust.now).map((each) => diagnose("XI6232", validityOf(each, trust.now))),
  ];
  if (found.length > 0) return { diagnostics: found, chain: [] };
  const marked = certificates.find(({ development }) => development);
  return { diagnostics: marked ? [diagnose("XI6109", { key: marked.subjectText })] : [], chain: certificates };
}

/** What no digest covers: bytes that belong to no section, and CheckSum. */
function strayBytes(bytes: Uint8Array, pe: PeFile): readonly Diagnostic[] {
  const stray = strayByte(pe, bytes.length);
  if (stray !== undefined) return [diagnose("XI6107", { offset: hex(stray) })];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { start, size } = pe.checkSum;
  const sum = wordSum(bytes.subarray(0, start), 0) + wordSum(bytes.subarray(start + size), start + size);
  return view.getUint32(start, true) === checkSumOf(sum, bytes.length)
    ? []
    : [diagnose("XI6107", { offset: hex(start) })];
}

function wrongDigest(bytes: Uint8Array, pe: PeFile, planned: Uint8Array, digest: Digest): readonly Diagnostic[] {
  const end = pe.certificates?.start ?? alignUp(bytes.length, certificateAlignment);
  const covered = coveredRanges(pe, end).map(({ start, size }) => bytes.subarray(start, start + size));
  return sameBytes(fromHex(digest("sha256", covered)), planned) ? [] : [diagnose("XI6243", {})];
}

function wrongSignature(
  { content, messageDigest, message, value, signer }: Extract<PeSignature, { readonly kind: "signed" }>,
  digest: Digest,
  { verify }: PeTrust,
): readonly Diagnostic[] {
  const refuse = (reason: string): readonly Diagnostic[] => [diagnose("XI6244", { reason })];
  if (!sameBytes(fromHex(digest("sha256", [contentOf(content)])), messageDigest))
    return refuse("the digest that it signs is another than the one beside it");
  return signer.key !== undefined && verify(signer.key, "sha256", message, value)
    ? []
    : refuse("it is not its certificate's key's");
}
