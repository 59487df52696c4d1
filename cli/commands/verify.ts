import { resolve } from "node:path";
import { describeTrust, diagnose, readFit, verifyFit } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import { digest } from "../adapters/host.ts";
import { readPublicKey } from "../keys/public-key.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { report } from "./system.ts";

export interface VerifyOptions {
  readonly key: string;
}

/** Proves an image whole and signed, from the public key alone. */
export async function verify(file: string, options: VerifyOptions, surroundings: Surroundings): Promise<number> {
  const { value: key, diagnostics } = await readPublicKey(options.key, surroundings.cwd);
  if (key === undefined) return report(diagnostics, "pretty", surroundings);
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(resolve(surroundings.cwd, file));
  } catch (error) {
    return report([diagnose("XI6101", { file, reason: reasonOf(error) })], "pretty", surroundings);
  }
  const read = readFit(bytes);
  if (read.kind === "not-a-fit")
    return report([diagnose("XI6101", { file, reason: "it is no FIT" })], "pretty", surroundings);
  if (read.kind === "broken")
    return report([diagnose("XI6102", { file, reason: read.reason })], "pretty", surroundings);
  const exitCode = report(verifyFit(bytes, read.fit, digest, key), "pretty", surroundings);
  if (exitCode === 0) surroundings.stdout(describeTrust(read.fit, key.key));
  return exitCode;
}
