import { quoted } from "../../base/printable.ts";
import { formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { FileDigest } from "../../ir/manifest.ts";
import { rollbackLines } from "../rollback.ts";
import type { ProvenManifest } from "./read.ts";

/** What lies beside a manifest under a path: facts of a file, or why there are none. */
export type FoundFile = FileDigest | { readonly unreadable: string };

/** XI6063 to XI6065: the files beside a manifest are those that it lists, no more and no less. */
export function wrongOutputs(
  { outputs }: ProvenManifest,
  found: ReadonlyMap<string, FoundFile>,
): readonly Diagnostic[] {
  const listed = new Set(outputs.map(({ path }) => path));
  const extra = [...found.keys()].filter((path) => !listed.has(path)).toSorted();
  return [
    ...outputs.flatMap(({ path, size, sha256 }) => {
      const file = found.get(path);
      if (file === undefined) return [diagnose("XI6063", { path, reason: "it is missing" })];
      if ("unreadable" in file) return [diagnose("XI6063", { path, reason: file.unreadable })];
      if (file.size !== size) return [diagnose("XI6064", { path, reason: `it has ${file.size} bytes, not ${size}` })];
      return file.sha256 === sha256 ? [] : [diagnose("XI6064", { path, reason: "its bytes are others" })];
    }),
    ...(extra.length > 0 ? [diagnose("XI6065", { paths: namesOf(extra) })] : []),
  ];
}

/** The first few, and how many more there are: a folder may be any. */
function namesOf(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).map(quoted);
  const more = paths.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

/** What a proven folder rests on, a line a step. `form` is the signature's. */
export function describeManifestTrust({ outputs, rollbackIndex }: ProvenManifest, key: string, form: string): string {
  const total = outputs.reduce((sum, { size }) => sum + size, 0);
  return [
    `signed by ${key} (${form}, SHA-256): every byte of the manifest`,
    `hashed: ${outputs.length} files, ${formatSize(total)}, each as the manifest lists it`,
    "nothing else lies beside it",
    ...rollbackLines(rollbackIndex),
    "not covered: what a board's loader checks; verify each image, too",
    "",
  ].join("\n");
}
