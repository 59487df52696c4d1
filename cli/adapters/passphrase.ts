import type { Surroundings } from "./terminal.ts";

/** Where CI puts the passphrase of a key. An argument would be seen by everybody on the machine. */
const passphraseVariable = "XENIMG_KEY_PASSPHRASE";

/** The passphrase that the environment gives. An empty one is none: CI sets secrets that it does not have so. */
export const givenPassphrase = ({ env }: Pick<Surroundings, "env">): string | undefined =>
  env[passphraseVariable] === "" ? undefined : env[passphraseVariable];

/** The passphrase of a key: from the environment, or typed unseen. Undefined where nobody gives one. */
export async function askPassphrase(file: string, surroundings: Surroundings): Promise<string | undefined> {
  const { stdin, stderr, interactive } = surroundings;
  const given = givenPassphrase(surroundings);
  if (given !== undefined) return given;
  if (!interactive || stdin.isTTY !== true || stdin.setRawMode === undefined) return undefined;
  stderr(`Passphrase of ${file}: `);
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
