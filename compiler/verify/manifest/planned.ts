import { invariant } from "../../base/invariant.ts";
import type { Artifact } from "../../ir/artifact.ts";
import { pieceLength } from "../../ir/artifact.ts";
import type { Sha256 } from "../../ir/host.ts";
import type { TargetPlan } from "../../ir/plan.ts";

/** The part of a manifest that can be held against the outputs. */
interface Entry {
  readonly path: string;
  readonly address?: string;
  readonly size: number;
  readonly sha256: string;
}

/** The manifest, parsed again, lists each output and no other: size, digest, and the planned address where it is loaded. */
export function verifyManifest(
  { placed, files }: TargetPlan,
  outputs: readonly Artifact[],
  manifest: Artifact,
  sha256: Sha256,
): void {
  const [bytes] = manifest.pieces;
  invariant(bytes instanceof Uint8Array, "the manifest in one piece");
  const { outputs: entries } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly outputs: readonly Entry[] };
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  invariant(byPath.size === entries.length && entries.length === outputs.length, "one entry for each output");
  const addresses = new Map(files.map(({ path, at }) => [path, at]));
  addresses.set("image.bin", placed.image.start);
  for (const { path, pieces } of outputs) {
    const entry = byPath.get(path);
    invariant(entry !== undefined, `${path} in the manifest`);
    const size = pieces.reduce((sum, piece) => sum + pieceLength(piece), 0);
    invariant(entry.size === size && entry.sha256 === sha256(pieces), `size and digest of ${path} in the manifest`);
    const address = entry.address === undefined ? undefined : Number(entry.address);
    invariant(address === addresses.get(path), `the address of ${path} in the manifest`);
  }
}
