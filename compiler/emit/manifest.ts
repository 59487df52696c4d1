import type { Range } from "../base/ranges.ts";
import { hex } from "../base/units.ts";
import type { Artifact } from "../ir/artifact.ts";
import { sizeOf } from "../ir/artifact.ts";
import type { Sha256 } from "../ir/host.ts";
import type { Manifest, ManifestDomain, ManifestRange, ManifestSigner } from "../ir/manifest.ts";
import { manifestFiles, manifestFormat } from "../ir/manifest.ts";
import type { PlacedDomain } from "../ir/placed.ts";
import type { TargetPlan } from "../ir/plan.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import { formatTarget } from "../ir/target.ts";
import type { OtherInputs } from "./inputs.ts";
import { inputsOf } from "./inputs.ts";
import { textArtifact } from "./text.ts";

/** What the manifest says of the run that no plan holds. */
export interface BuildFacts extends OtherInputs {
  /** Of xenimg itself. */
  readonly version: string;
  /** Who is going to sign it. */
  readonly signer?: ManifestSigner;
  readonly sha256: Sha256;
}

/**
 * Every input and output with size and SHA-256, and where each loaded piece goes. Nothing of the machine or the moment:
 * the same inputs, the same bytes.
 */
export function emitManifest(plan: TargetPlan, outputs: readonly Artifact[], facts: BuildFacts): Artifact {
  const { version, signer, sha256 } = facts;
  const { placed, files } = plan;
  const { resolved } = placed;
  const digest: Digest = (bytes) => ({ size: bytes.length, sha256: sha256([bytes]) });
  const places = new Map(files.map(({ path, at, owner }) => [path, { address: hex(at), owner }]));
  const manifest: Manifest = {
    format: manifestFormat,
    xenimg: version,
    name: resolved.name,
    target: formatTarget(resolved.target),
    rollbackIndex: resolved.rollbackIndex,
    ...(signer && { signer }),
    board: boardOf(resolved, digest),
    image: rangeOf(placed.image),
    inputs: inputsOf(plan, facts).map(({ file, ...where }) => ({ path: file.path, ...where, ...digest(file.bytes) })),
    outputs: outputs.map(({ path, pieces, contents }) => ({
      path,
      ...places.get(path),
      ...(path === "image.bin" && { address: hex(placed.image.start), owner: "image" }),
      size: sizeOf({ pieces }),
      sha256: sha256(pieces),
      ...(contents && {
        contents: contents.map((file) => ({ path: file.path, size: sizeOf(file), sha256: sha256(file.pieces) })),
      }),
    })),
    domains: placed.domains.map(domainOf),
    memory: placed.regions.map(({ range, kind, owner }) => ({ ...rangeOf(range), kind, owner })),
  };
  return textArtifact(manifestFiles.manifest, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

const rangeOf = ({ start, size }: Range<number>): ManifestRange => ({ address: hex(start), size });

const domainOf = ({ resolved, domid, banks }: PlacedDomain): ManifestDomain => ({
  name: resolved.name,
  domid,
  cpus: resolved.cpus,
  pool: resolved.pool?.name ?? null,
  banks: banks.map(({ guest, machine }) => ({
    guest: hex(guest.start),
    machine: hex(machine.start),
    size: guest.size,
  })),
});

type Digest = (bytes: Uint8Array) => { readonly size: number; readonly sha256: string };

const boardOf = ({ board: { profile } }: ResolvedSystem, digest: Digest): Manifest["board"] => ({
  name: profile.name,
  parameters: profile.parameters,
  deviceTree: digest(profile.deviceTree),
});
