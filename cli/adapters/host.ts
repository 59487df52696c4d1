import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { FileAnswer, Host } from "../../compiler/index.ts";
import { reasonOf } from "./errors.ts";

/** The compiler's view of this machine: files, relative to where the configuration lies. */
export function hostFor(configFile: string): Host {
  return { readFile: (path) => answer(resolve(dirname(configFile), path)) };
}

async function answer(path: string): Promise<FileAnswer> {
  try {
    return { kind: "ok", bytes: await readFile(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? { kind: "missing" } : { kind: "unreadable", reason: reasonOf(error) };
  }
}
