import type { Certificate } from "../codecs/x509/certificate.ts";
import { orderProblem, outdated, sameKey } from "../codecs/x509/chain.ts";
import type { RsaVerify } from "../codecs/x509/chain.ts";
import { validityOf } from "../codecs/x509/validity.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { keyKind } from "../ir/signer.ts";
import type { PublicKey } from "../ir/signer.ts";

interface GivenCertificates {
  /** For messages. */
  readonly file: string;
  /** In the file's order. */
  readonly certificates: readonly Certificate[];
}

/**
 * Whether certificates are what firmware would want of this signer's: the first of its key, each issued by the next, all of
 * them valid at a moment, in milliseconds since 1970.
 */
export function certificateProblems(
  { file, certificates }: GivenCertificates,
  signer: { readonly name: string; readonly key: PublicKey },
  verify: RsaVerify,
  now: number,
): readonly Diagnostic[] {
  const [first] = certificates;
  if (signer.key.kind !== "rsa") return [diagnose("XI6234", { key: signer.name, kind: keyKind(signer.key) })];
  if (first?.key === undefined || !sameKey(first.key, signer.key))
    return [diagnose("XI6231", { file, key: signer.name })];
  const reason = orderProblem(certificates, verify);
  if (reason !== undefined) return [diagnose("XI6230", { file, reason })];
  return outdated(certificates, now).map((each) => diagnose("XI6232", validityOf(each, now)));
}
