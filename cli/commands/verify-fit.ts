import type { VerifyingKey } from "../../compiler/index.ts";
import { describeTrust, diagnose, readFit, rollbackIndexOf, verifyFit } from "../../compiler/index.ts";
import { digest } from "../adapters/host.ts";
import { refused } from "./proof.ts";
import type { Proof } from "./proof.ts";

/** Proves a FIT whole and signed, from a public key. */
export function verifyFitFile(file: string, bytes: Uint8Array, key: VerifyingKey): Proof {
  const read = readFit(bytes);
  if (read.kind === "not-a-fit") return refused(diagnose("XI6101", { file, reason: "it is neither a FIT nor a PE" }));
  if (read.kind === "broken") return refused(diagnose("XI6102", { file, reason: read.reason }));
  return {
    diagnostics: verifyFit(bytes, read.fit, digest, key),
    trust: describeTrust(read.fit, key.key),
    rollbackIndex: rollbackIndexOf(read.fit.configurations),
  };
}
