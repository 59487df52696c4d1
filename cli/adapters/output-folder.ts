import { randomUUID } from "node:crypto";
import { existsSync, renameSync, rmSync, rmdirSync } from "node:fs";
import { mkdir, open, readFile, readdir, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Artifact, Diagnostic } from "../../compiler/index.ts";
import { diagnose, manifestFiles, pieceLength } from "../../compiler/index.ts";
import { reasonOf } from "./errors.ts";
import { onInterrupt } from "./interrupts.ts";

/** Lists what an earlier build wrote into a folder, which may be replaced then. */
const hallmark = manifestFiles.manifest;

/**
 * Writes artifacts as one folder, all or nothing: they are written beside it and moved in place whole, and the
 * previous output disappears only after that. Returns what prevented it,
 * where `name` is how the user calls the folder.
 */
export const writeOutputFolder = (
  folder: string,
  artifacts: readonly Artifact[],
  name = folder,
): Promise<readonly Diagnostic[]> =>
  writeFolder(folder, artifacts, name, async (target) => {
    const found = await foreignEntry(target);
    return found === undefined ? [] : [diagnose("XI6902", { path: name, found })];
  });

/** The same for a folder that is not there yet, or is empty: nothing disappears. */
export const writeNewFolder = (
  folder: string,
  artifacts: readonly WrittenFile[],
  name: string,
): Promise<readonly Diagnostic[]> =>
  writeFolder(folder, artifacts, name, async (target) => {
    const [found] = await entriesOf(target);
    return found === undefined ? [] : [diagnose("XI7033", { path: name, found })];
  });

type WrittenFile = Pick<Artifact, "path" | "pieces"> & Partial<Pick<Artifact, "executable">>;

async function writeFolder(
  folder: string,
  artifacts: readonly WrittenFile[],
  name: string,
  occupied: (target: string) => Promise<readonly Diagnostic[]>,
): Promise<readonly Diagnostic[]> {
  const target = await realpath(resolve(folder)).catch(() => resolve(folder));
  let fresh: string | undefined;
  let made: string | undefined;
  const forget = onInterrupt(() => {
    undoNow(fresh, target, made);
  });
  try {
    const strangers = await occupied(target);
    if (strangers.length > 0) return strangers;
    made = await mkdir(dirname(target), { recursive: true });
    await sweep(target);
    fresh = join(dirname(target), `.${basename(target)}-${process.pid}-${randomUUID()}`);
    await mkdir(fresh);
    for (const artifact of artifacts) await writeArtifact(join(fresh, artifact.path), artifact);
    await swap(fresh, target);
    return [];
  } catch (error) {
    if (fresh !== undefined) await rm(fresh, { recursive: true, force: true });
    removeMade(made, target);
    return [diagnose("XI6901", { path: name, reason: reasonOf(error) })];
  } finally {
    forget();
  }
}

const previousOf = (fresh: string): string => `${fresh}-previous`;

/** Interrupted: as if this build had never begun, and whatever it had got to, the earlier output is in its place. */
function undoNow(fresh: string | undefined, target: string, made: string | undefined): void {
  if (fresh !== undefined) {
    const old = previousOf(fresh);
    if (existsSync(old) && !existsSync(target)) renameSync(old, target);
    for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
  }
  removeMade(made, target);
}

/** The parents that were made for the output, `top` the first of them; not those that others use meanwhile. */
function removeMade(top: string | undefined, target: string): void {
  if (top === undefined) return;
  try {
    for (let folder = dirname(target); folder.startsWith(top); folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // It is not empty.
  }
}

/** Removes what earlier builds of this folder left beside it because they were killed. */
async function sweep(target: string): Promise<void> {
  const uuid = String.raw`[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}`;
  const pattern = new RegExp(`^-(\\d+)-${uuid}(-previous)?$`);
  const prefix = `.${basename(target)}`;
  for (const entry of await readdir(dirname(target), { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.startsWith(prefix)) continue;
    const [, pid, previous] = pattern.exec(entry.name.slice(prefix.length)) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const left = join(dirname(target), entry.name);
    // Killed between its two renames: that is the only copy of the earlier output.
    if (previous !== undefined && !existsSync(target)) await rename(left, target);
    else await rm(left, { recursive: true, force: true });
  }
}

/** Also where the process is another user's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Something in the folder that no build of ours wrote; undefined where it may be replaced. */
async function foreignEntry(target: string): Promise<string | undefined> {
  const entries = await entriesOf(target);
  const ours = entries.includes(hallmark) ? await builtFiles(join(target, hallmark)) : undefined;
  if (ours === undefined) return entries[0];
  const files = await readdir(target, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(target, join(entry.parentPath, entry.name)))
    .toSorted()
    .find((path) => !ours.has(path));
}

/** What is in a folder, sorted; nothing where there is none. */
const entriesOf = async (target: string): Promise<readonly string[]> => {
  const entries: readonly string[] = await readdir(target).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  return entries.toSorted();
};

/** Everything that a manifest of ours lists, and itself; undefined for another file of this name. */
async function builtFiles(path: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const manifest = manifestShape(JSON.parse(await readFile(path, "utf8")));
    return new Set([hallmark, manifestFiles.signature, ...manifest.outputs.map((output) => join(output.path))]);
  } catch {
    return undefined;
  }
}

interface Manifest {
  readonly outputs: readonly { readonly path: string }[];
}

/** Throws for what is no manifest of ours. */
function manifestShape(json: unknown): Manifest {
  const manifest = json as Partial<Manifest & { readonly format: unknown; readonly xenimg: unknown }>;
  if (typeof manifest.format !== "number" || typeof manifest.xenimg !== "string" || !Array.isArray(manifest.outputs))
    throw new TypeError("no manifest of xenimg");
  return { outputs: manifest.outputs.filter((output: Partial<{ path: unknown }>) => typeof output.path === "string") };
}

async function writeArtifact(path: string, artifact: WrittenFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx", artifact.executable ? 0o777 : 0o666);
  try {
    let position = 0;
    for (const piece of artifact.pieces) {
      if (piece instanceof Uint8Array) await writeAll(file, piece, position);
      position += pieceLength(piece);
    }
    // Runs of zeros were skipped: the file system fills them in, also at the end.
    await file.truncate(position);
  } finally {
    await file.close();
  }
}

/** A write may stop early (at 2 GiB, or on a full disk before the next attempt reports it). */
async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

async function swap(fresh: string, target: string): Promise<void> {
  const old = previousOf(fresh);
  const replaces = await rename(target, old).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    },
  );
  try {
    await rename(fresh, target);
  } catch (error) {
    if (replaces) await rename(old, target);
    throw error;
  }
  if (replaces) await rm(old, { recursive: true, force: true });
}
