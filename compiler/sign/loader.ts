import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Board, SignatureKind } from "../ir/board.ts";
import type { PublicKey, RsaPadding } from "../ir/signer.ts";
import { keyKind } from "../ir/signer.ts";

/**
 * XI6021: a signature that the board's loader cannot verify. U-Boot knows PSS where it was built with it, and ECDSA where
 * the chip has an engine for it; elsewhere it says "Unknown signature algorithm", and does not boot.
 */
export function unverifiable(
  { name, signatures = ["rsa-pkcs1"] }: Pick<Board, "name" | "signatures">,
  key: PublicKey,
  padding: RsaPadding = "pkcs1",
): readonly Diagnostic[] {
  const kind: SignatureKind = key.kind === "ec" ? "ecdsa" : `rsa-${padding}`;
  if (signatures.includes(kind)) return [];
  const signature = kind === "rsa-pss" ? `${keyKind(key)} with PSS` : keyKind(key);
  return [diagnose("XI6021", { board: name, signature }, { primary: { path: ["board"] } })];
}
