import type { FileDigest, Manifest } from "../../ir/manifest.ts";
import { manifestFormat } from "../../ir/manifest.ts";

/** What of a manifest a proof needs. */
export type ProvenManifest = Pick<Manifest, "signer" | "rollbackIndex"> & {
  readonly outputs: readonly (FileDigest & { readonly path: string })[];
};

export type ManifestRead =
  | { readonly kind: "manifest"; readonly manifest: ProvenManifest }
  | { readonly kind: "broken"; readonly reason: string };

const broken = (reason: string): ManifestRead => ({ kind: "broken", reason });

/** Reads a manifest that may come from anywhere; what no proof needs is not looked at. */
export function readManifest(bytes: Uint8Array): ManifestRead {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return broken("it is no JSON");
  }
  const { format, outputs, signer, rollbackIndex } = fieldsOf(json);
  if (format !== manifestFormat)
    return broken(`it is not of format ${manifestFormat}, the one that this version reads`);
  if (!Array.isArray(outputs) || !outputs.every(isOutput)) return broken("its outputs are no list of files");
  if (new Set(outputs.map(({ path }) => path)).size !== outputs.length) return broken("it lists a file twice");
  if (!isSize(rollbackIndex)) return broken("its rollback index is none");
  if (signer === undefined) return { kind: "manifest", manifest: { rollbackIndex, outputs } };
  return isSigner(signer)
    ? { kind: "manifest", manifest: { signer, rollbackIndex, outputs } }
    : broken("its signer is none");
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

function isOutput(value: unknown): value is FileDigest & { readonly path: string } {
  const { path, size, sha256 } = fieldsOf(value);
  return (
    typeof path === "string" &&
    isInside(path) &&
    isSize(size) &&
    typeof sha256 === "string" &&
    /^[\da-f]{64}$/.test(sha256)
  );
}

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** A file below the manifest's folder, on every system: schemas/manifest-1.schema.json has the same rule. */
const isInside = (path: string): boolean => /^(?!(.*\/)?\.{0,2}(\/|$))[^\\\p{Cc}]+$/u.test(path);

function isSigner(value: unknown): value is NonNullable<Manifest["signer"]> {
  const { name, key, development } = fieldsOf(value);
  return typeof name === "string" && typeof key === "string" && typeof development === "boolean";
}
