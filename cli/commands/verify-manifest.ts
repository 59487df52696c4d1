import { basename, dirname, join, resolve } from "node:path";
import type { FoundFile } from "../../compiler/index.ts";
import {
  describeManifestTrust,
  diagnose,
  manifestSignature,
  readManifest,
  wrongOutputs,
} from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import { digestOfFile, filesBelow } from "../adapters/folder.ts";
import { readPublicKey } from "../keys/public-key.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { refused } from "./proof.ts";
import type { Proof } from "./proof.ts";

/** By name or by its first byte: one that was altered must not pass for another kind of file. */
export const isManifest = (file: string, bytes: Uint8Array): boolean =>
  file.endsWith(".json") || bytes[0] === 0x7b; /* { */

/** Proves that a manifest is signed, and that the files beside it are those that it lists. */
export async function verifyManifest(
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
  options: { readonly key?: string },
  { cwd }: Surroundings,
): Promise<Proof> {
  if (options.key === undefined) return refused(diagnose("XI6062", { file, reason: "only --key PUB proves it" }));
  const { value: key, diagnostics } = await readPublicKey(options.key, cwd);
  if (key === undefined) return { diagnostics };
  const manifestPath = resolve(cwd, file);
  const signaturePath = manifestPath.replace(/(\.json)?$/, ".sig");
  const signature = await readRegularFile(signaturePath).catch((error: unknown) => reasonOf(error));
  if (typeof signature === "string")
    return refused(diagnose("XI6060", { file, signature: basename(signaturePath), reason: signature }));
  const form = manifestSignature(bytes, signature, key);
  if (form === undefined) return refused(diagnose("XI6061", { file, key: options.key }));
  const read = readManifest(bytes);
  if (read.kind === "broken") return refused(diagnose("XI6062", { file, reason: read.reason }));
  const { manifest } = read;
  const own = [manifestPath, signaturePath].map((path) => basename(path));
  const found = await findFiles(dirname(manifestPath), own, manifest.outputs).catch(reasonOf);
  // A folder below that nobody may read: what is in it, nobody knows.
  if (typeof found === "string") return refused(diagnose("XI6062", { file, reason: `what lies beside it: ${found}` }));
  const warnings =
    key.development || manifest.signer?.development === true ? [diagnose("XI6109", { key: key.name })] : [];
  return {
    diagnostics: [...warnings, ...wrongOutputs(manifest, found)],
    trust: describeManifestTrust(manifest, key.name, form),
    rollbackIndex: manifest.rollbackIndex,
  };
}

/** Everything below the folder but `own`; only what is listed is read. */
async function findFiles(
  folder: string,
  own: readonly string[],
  listed: readonly { readonly path: string }[],
): Promise<ReadonlyMap<string, FoundFile>> {
  const wanted = new Set(listed.map(({ path }) => path));
  const found = new Map<string, FoundFile>();
  for (const path of await filesBelow(folder))
    if (!own.includes(path))
      found.set(path, wanted.has(path) ? await factsOf(join(folder, path)) : { unreadable: "nobody asked" });
  return found;
}

async function factsOf(path: string): Promise<FoundFile> {
  try {
    return await digestOfFile(path);
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}
