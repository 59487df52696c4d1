import { emit } from "../emit/emit.ts";
import type { BuildFacts } from "../emit/manifest.ts";
import { emitManifest } from "../emit/manifest.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import { lower } from "../lower/lower.ts";
import { packRaw } from "../pack/raw/raw.ts";
import { verifyManifest } from "../verify/manifest.ts";
import { verify } from "../verify/verify.ts";

/** What outputs say besides the system. */
export interface LinkFacts extends BuildFacts {
  /** Text of run.sh.hbs. */
  readonly runTemplate: string;
}

/** LOWER to VERIFY: from here on nothing that a user wrote can fail. */
export function link(placed: PlacedSystem, facts: LinkFacts): readonly Artifact[] {
  const plan = lower(placed);
  const emitted = emit(plan, facts.runTemplate);
  const images = placed.resolved.hypervisor.image.kind === "core" ? [packImage(placed, emitted.systemTree)] : [];
  const outputs = [...images, ...emitted.artifacts];
  const manifest = emitManifest(plan, outputs, facts);
  verify(plan, outputs);
  verifyManifest(plan, outputs, manifest, facts.sha256);
  return [...outputs, manifest];
}

const packImage = (placed: PlacedSystem, systemTree: Uint8Array): Artifact => ({
  path: "image.bin",
  pieces: packRaw(placed, systemTree),
  executable: false,
});
