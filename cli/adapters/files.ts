import type { Stats } from "node:fs";
import { readFileSync, rmSync, statSync } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import type { Diagnostic } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import { reasonOf } from "./errors.ts";
import { onInterrupt } from "./interrupts.ts";

/** Facts of a file or a folder. Throws for pipes and devices, too: they may have no end. */
export async function statReadable(path: string): Promise<Stats> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new Error("it is no regular file");
  return found;
}

/** All bytes of a regular file. */
export async function readRegularFile(path: string): Promise<Uint8Array> {
  await statReadable(path);
  return readFile(path);
}

/** No source of a configuration is this long. */
const longestText = 2 ** 24;

/** The text of a source file, for excerpts; undefined where it cannot be had. */
export function readTextNow(path: string): string | undefined {
  try {
    const facts = statSync(path);
    return facts.isFile() && facts.size <= longestText ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a file so that readers see the old content or the new one, never a part. */
export async function writeFileWhole(path: string, content: string | Uint8Array): Promise<readonly Diagnostic[]> {
  const fresh = `${path}.${process.pid}`;
  const forget = onInterrupt(() => {
    rmSync(fresh, { force: true });
  });
  try {
    await writeFile(fresh, content);
    await rename(fresh, path);
    return [];
  } catch (error) {
    await rm(fresh, { force: true });
    return [diagnose("XI6901", { path, reason: reasonOf(error) })];
  } finally {
    forget();
  }
}
