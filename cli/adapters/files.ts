import { rename, rm, writeFile } from "node:fs/promises";
import type { Diagnostic } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import { reasonOf } from "./errors.ts";

/** Writes a text file so that readers see the old text or the new one, never a part. */
export async function writeFileWhole(path: string, text: string): Promise<readonly Diagnostic[]> {
  const fresh = `${path}.${process.pid}`;
  try {
    await writeFile(fresh, text);
    await rename(fresh, path);
    return [];
  } catch (error) {
    await rm(fresh, { force: true });
    return [diagnose("XI6901", { path, reason: reasonOf(error) })];
  }
}
