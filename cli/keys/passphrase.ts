import { resolve } from "node:path";
import type { Outcome } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import type { Surroundings } from "../adapters/terminal.ts";

/** Where CI puts the passphrase of a key. An argument would be seen by everybody on the machine. */
const passphraseVariable = "XENIMG_KEY_PASSPHRASE";

/** The passphrase that the environment gives. An empty one is none: CI sets secrets that it does not have so. */
export const givenPassphrase = ({ env }: Pick<Surroundings, "env">): string | undefined =>
  env[passphraseVariable] === "" ? undefined : env[passphraseVariable];

/** The passphrase of a key: from a file that was named, from the environment, or typed unseen. */
export async function passphraseOf(
  key: string,
  file: string | undefined,
  surroundings: Surroundings,
): Promise<Outcome<string>> {
  if (file !== undefined) return readPassphrase(file, surroundings.cwd);
  const value = givenPassphrase(surroundings) ?? (await askPassphrase(key, surroundings));
  return value === undefined ? { diagnostics: [diagnose("XI6012", { file: key })] } : { value, diagnostics: [] };
}

/** No passphrase is this long. */
const longest = 1024;

/** The first line of a file: who writes one with an editor or `echo` ends it. */
export async function readPassphrase(file: string, cwd: string): Promise<Outcome<string>> {
  const refuse = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI6025", { file, reason })] });
  try {
    const bytes = await readRegularFile(resolve(cwd, file));
    const [line = "", ...more] = new TextDecoder().decode(bytes.subarray(0, longest + 1)).split(/\r?\n/);
    if (bytes.length > longest || more.join("") !== "") return refuse("it has more than one line");
    return line === "" ? refuse("its first line is empty") : { value: line, diagnostics: [] };
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

/** Undefined where nobody types one. */
async function askPassphrase(key: string, { stdin, stderr, interactive }: Surroundings): Promise<string | undefined> {
  if (!interactive || stdin.isTTY !== true || stdin.setRawMode === undefined) return undefined;
  stderr(`Passphrase of ${key}: `);
  stdin.setRawMode(true);
  try {
    return await typedLine(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr("\n");
  }
}

const enter = new Set(["\r", "\n"]);
const erase = new Set(["\b", "\u007f"]);
/** Ctrl-C and Ctrl-D: in raw mode they are keys like others. */
const giveUp = new Set(["\u0003", "\u0004"]);

async function typedLine(stdin: Surroundings["stdin"]): Promise<string | undefined> {
  const typed: string[] = [];
  for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
    for (const key of String(chunk)) {
      if (enter.has(key)) return typed.join("");
      if (giveUp.has(key)) return undefined;
      if (erase.has(key)) typed.pop();
      else typed.push(key);
    }
  }
  return undefined;
}
