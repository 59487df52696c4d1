import { createHash } from "node:crypto";
import type { Outcome, PublicKey, Signer } from "../../compiler/index.ts";
import { diagnose, printable } from "../../compiler/index.ts";
import type { FilterResult } from "../adapters/filter.ts";
import { runFilter } from "../adapters/filter.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import type { Holder, SigningRequest } from "./holder.ts";
import { checkedSigner } from "./holder.ts";
import { readPublicKey } from "./public-key.ts";

/** Time for somebody to touch a token or to type a PIN. */
const patience = 120;
/** In bytes: the longest signature has 512. */
const longestAnswer = 4096;

/**
 * A program that signs for the public key in a file: the hash on stdin, the signature on stdout. What is to be done with
 * the hash is in its environment. It is no shell's command: it ends at spaces, and so do its arguments.
 */
export async function commandSigner(
  command: string,
  publicFile: string,
  surroundings: Surroundings,
  seconds = patience,
): Promise<Outcome<Signer>> {
  const { value: key, diagnostics } = await readPublicKey(publicFile, surroundings.cwd);
  if (key === undefined) return { diagnostics };
  const [program = "", ...args] = command.split(" ").filter((word) => word !== "");
  const holder: Holder = async (request) => {
    const result = await runFilter({
      program,
      args,
      input: digestOf(request),
      env: { ...surroundings.env, ...describe(request, key.key, key.name) },
      cwd: surroundings.cwd,
      seconds,
      most: longestAnswer,
    });
    surroundings.stderr(linesOf(result));
    if (result.kind === "ok") return { value: result.output, diagnostics: [] };
    return { diagnostics: [diagnose("XI6022", { program, reason: reasonOf(result, seconds) })] };
  };
  return { value: checkedSigner(key, `the signing command "${program}"`, holder), diagnostics: [] };
}

export const digestOf = ({ hash, message }: SigningRequest): Uint8Array => createHash(hash).update(message).digest();

const describe = ({ hash, padding }: SigningRequest, key: PublicKey, name: string): Record<string, string> => ({
  XENIMG_SIGN_KEY: name,
  XENIMG_SIGN_HASH: hash,
  XENIMG_SIGN_ALGORITHM: key.kind === "ec" ? "ecdsa" : `rsa-${padding}`,
});

/** What a program said, so that a terminal takes it for nothing but text. */
export const linesOf = ({ stderr }: Pick<FilterResult, "stderr">): string =>
  stderr
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => `  ${printable(line)}\n`)
    .join("");

/** Why a program gave no answer. */
export function reasonOf(result: Exclude<FilterResult, { kind: "ok" }>, seconds: number): string {
  if (result.kind === "failed") return result.reason;
  return result.kind === "missing" ? "there is no such program" : `it had not ended after ${seconds} s`;
}
