import { emit } from "../emit/emit.ts";
import { emitManifest } from "../emit/manifest.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { Host } from "../ir/host.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import { lower } from "../lower/lower.ts";
import { packRaw } from "../pack/raw/raw.ts";
import { verify } from "../verify/verify.ts";

/** LOWER to VERIFY: from here on nothing that a user wrote can fail. */
export function link(placed: PlacedSystem, version: string, runTemplate: string, host: Host): readonly Artifact[] {
  const plan = lower(placed);
  const emitted = emit(plan, runTemplate);
  const images = placed.resolved.hypervisor.image.kind === "core" ? [packImage(placed, emitted.systemTree)] : [];
  const outputs = [...images, ...emitted.artifacts];
  verify(plan, outputs);
  return [...outputs, emitManifest(plan, outputs, version, host.sha256)];
}

const packImage = (placed: PlacedSystem, systemTree: Uint8Array): Artifact => ({
  path: "image.bin",
  pieces: packRaw(placed, systemTree),
  executable: false,
});
