import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import type { Digest, FileAnswer, Host, Piece } from "../../compiler/index.ts";
import { reasonOf } from "./errors.ts";
import { readRegularFile } from "./files.ts";
import { packageRoot } from "./package.ts";

/** The compiler's view of this machine: files, relative to where the configuration lies. */
export function hostFor(configFile: string): Host {
  return {
    readFile: (path) => answer(resolve(dirname(configFile), path)),
    readTemplate: (name) => readFile(join(packageRoot, "templates", name), "utf8"),
    digest,
  };
}

async function answer(path: string): Promise<FileAnswer> {
  try {
    return { kind: "ok", bytes: await readRegularFile(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? { kind: "missing" } : { kind: "unreadable", reason: reasonOf(error) };
  }
}

const zeros = new Uint8Array(2 ** 16);

function* runsOf(piece: Piece): Generator<Uint8Array, void> {
  if (piece instanceof Uint8Array) yield piece;
  else for (let left = piece.zeros; left > 0; left -= zeros.length) yield zeros.subarray(0, left);
}

export const digest: Digest = (algorithm, pieces) => {
  const hash = createHash(algorithm);
  for (const piece of pieces) for (const bytes of runsOf(piece)) hash.update(bytes);
  return hash.digest("hex");
};
