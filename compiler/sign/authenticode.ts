import { fromHex } from "../base/hex.ts";
import { invariant } from "../base/invariant.ts";
import { endOf } from "../base/ranges.ts";
import { alignUp } from "../base/units.ts";
import { contentOf } from "../codecs/asn1/der.ts";
import { coveredRanges } from "../codecs/authenticode/covered.ts";
import { encodeSignature, messageOf } from "../codecs/authenticode/signed-data.ts";
import { encodeIndirectData } from "../codecs/authenticode/spc.ts";
import { certificateAlignment, encodeCertificateTable } from "../codecs/pe/certificates.ts";
import { checkSumOf, wordSum } from "../codecs/pe/checksum.ts";
import { dataDirectory, dosHeader } from "../codecs/pe/headers.ts";
import { signingPlaces } from "../codecs/pe/read.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { Piece } from "../ir/artifact.ts";
import { pieceLength } from "../ir/artifact.ts";
import type { Digest } from "../ir/host.ts";
import type { Signer } from "../ir/signer.ts";

/** Who signs, and the certificates that prove it: the signer's, then each issuer's that firmware does not have. */
export interface CertifiedSigner {
  readonly signer: Signer;
  /** DER of each. */
  readonly certificates: readonly Uint8Array[];
}

/**
 * A PE with an Authenticode signature, as UEFI firmware verifies it, and the right CheckSum. Its headers are in the first
 * piece. The same file, key and certificates give the same bytes: the signature holds no time.
 */
export async function signPe(
  pieces: readonly Piece[],
  digest: Digest,
  { signer, certificates }: CertifiedSigner,
): Promise<Outcome<readonly Piece[]>> {
  const [first, ...rest] = pieces;
  invariant(first instanceof Uint8Array, "a PE that begins with its headers");
  const { checkSum, certificateEntry } = signingPlaces(dosHeader.decode(first, 0)?.peOffset ?? 0);
  invariant(endOf(certificateEntry) <= first.length, "the headers of a PE in one piece");
  const length = pieces.reduce((sum, piece) => sum + pieceLength(piece), 0);
  const end = alignUp(length, certificateAlignment);
  const body = [...rest, ...(end > length ? [{ zeros: end - length }] : [])];
  const sha256 = (hashed: readonly Piece[]): Uint8Array => fromHex(digest("sha256", hashed));

  const ofHeaders = coveredRanges({ checkSum, certificateEntry }, first.length);
  const covered = ofHeaders.map(({ start, size }) => first.subarray(start, start + size));
  const content = encodeIndirectData(sha256([...covered, ...body]));
  const messageDigest = sha256([contentOf(content)]);
  const { value, diagnostics } = await signer.sign("sha256", messageOf(messageDigest));
  if (value === undefined) return { diagnostics };
  const table = encodeCertificateTable(encodeSignature(content, messageDigest, certificates, value));

  const headers = first.slice();
  dataDirectory.encode({ address: end, size: table.length }, headers, certificateEntry.start);
  const signed = [headers, ...body, table];
  const view = new DataView(headers.buffer, headers.byteOffset);
  view.setUint32(checkSum.start, 0, true);
  view.setUint32(checkSum.start, checkSumOf(sumOf(signed), end + table.length), true);
  return { value: signed, diagnostics };
}

function sumOf(pieces: readonly Piece[]): number {
  let sum = 0;
  let at = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) sum += wordSum(piece, at);
    at += pieceLength(piece);
  }
  return sum;
}
