import type { Stats } from "node:fs";
import { readFileSync, rmSync, statSync } from "node:fs";
import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
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

export interface NewFile {
  readonly path: string;
  /** How the user calls it. */
  readonly shown: string;
  readonly content: string | Uint8Array;
}

/** Writes files that belong together, in this order: all of them, or none where one is there already or cannot be. */
export async function writeNewFiles(files: readonly NewFile[]): Promise<readonly Diagnostic[]> {
  for (const { path, shown } of files)
    if (await stat(path).catch(() => undefined)) return [diagnose("XI7020", { path: shown })];
  const written: string[] = [];
  const takeBack = (): void => {
    for (const path of written) rmSync(path, { force: true });
  };
  const forget = onInterrupt(takeBack);
  try {
    for (const { path, shown, content } of files) {
      const made = await makeFolder(dirname(path), shown);
      const obstacles = made.length > 0 ? made : await writeFileWhole(path, content);
      if (obstacles.length > 0) {
        takeBack();
        return obstacles;
      }
      written.push(path);
    }
    return [];
  } finally {
    forget();
  }
}

async function makeFolder(folder: string, wantedFor: string): Promise<readonly Diagnostic[]> {
  try {
    await mkdir(folder, { recursive: true });
    return [];
  } catch (error) {
    return [diagnose("XI6901", { path: wantedFor, reason: reasonOf(error) })];
  }
}

/**
 * Replaces the text of a file that is there, where it is still the text that was read: the file that a link leads to, with
 * the permissions that it has.
 */
export async function replaceText(path: string, before: string, after: string): Promise<readonly Diagnostic[]> {
  const unreplaced = (reason: string): Diagnostic => diagnose("XI6901", { path, reason, inPlace: true });
  try {
    const target = await realpath(path);
    // Bytes, not text: what is no UTF-8 would be lost on the way.
    if (!Buffer.from(before).equals(await readFile(target)))
      return [unreplaced("it has changed since it was read, or is no UTF-8")];
    return await writeFileWhole(target, after, (await stat(target)).mode & 0o7777);
  } catch (error) {
    return [unreplaced(reasonOf(error))];
  }
}

/** Writes a file so that readers see the old content or the new one, never a part. */
export async function writeFileWhole(
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<readonly Diagnostic[]> {
  const fresh = `${path}.${process.pid}`;
  const forget = onInterrupt(() => {
    rmSync(fresh, { force: true });
  });
  try {
    await writeFile(fresh, content);
    if (mode !== undefined) await chmod(fresh, mode);
    await rename(fresh, path);
    return [];
  } catch (error) {
    // Nothing may be there, also where a part of the path is no folder.
    await rm(fresh, { force: true }).catch(() => undefined);
    return [diagnose("XI6901", { path, reason: reasonOf(error) })];
  } finally {
    forget();
  }
}
