import type { Range } from "../base/ranges.ts";
import { hex } from "../base/units.ts";
import type { Artifact } from "../ir/artifact.ts";
import { sizeOf } from "../ir/artifact.ts";
import type { Sha256 } from "../ir/host.ts";
import type { Manifest, ManifestDomain, ManifestRange, ManifestSigner } from "../ir/manifest.ts";
import { manifestFiles, manifestFormat } from "../ir/manifest.ts";
import type { PlacedDomain } from "../ir/placed.ts";
import type { TargetPlan } from "../ir/plan.ts";
import type { InputFile } from "../ir/input-file.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import { formatTarget } from "../ir/target.ts";
import { textArtifact } from "./text.ts";

/** What the manifest says of the run that no plan holds. */
export interface BuildFacts {
  /** Of xenimg itself. */
  readonly version: string;
  /** The text that was evaluated; what it imports is not counted. */
  readonly configuration: InputFile;
  /** What image.efi begins with, where there is one. */
  readonly efiStub?: InputFile;
  /** Who is going to sign it. */
  readonly signer?: ManifestSigner;
  readonly sha256: Sha256;
}

/**
 * Every input and output with size and SHA-256, and where each loaded piece goes. Nothing of the machine or the moment:
 * the same inputs, the same bytes.
 */
export function emitManifest(
  plan: TargetPlan,
  outputs: readonly Artifact[],
  { version, configuration, efiStub, signer, sha256 }: BuildFacts,
): Artifact {
  const { placed, files } = plan;
  const { resolved } = placed;
  const digest: Digest = (bytes) => ({ size: bytes.length, sha256: sha256([bytes]) });
  const places = new Map(files.map(({ path, at, owner }) => [path, { address: hex(at), owner }]));
  const manifest: Manifest = {
    format: manifestFormat,
    xenimg: version,
    name: resolved.name,
    target: formatTarget(resolved.target),
    ...(signer && { signer }),
    board: boardOf(resolved, digest),
    image: rangeOf(placed.image),
    inputs: [
      { owner: "configuration", file: configuration },
      ...(efiStub ? [{ owner: "EFI stub", file: efiStub }] : []),
      ...loadedInputs(plan),
    ].map(({ file, ...where }) => ({ path: portablePath(file.path), ...where, ...digest(file.bytes) })),
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

interface Input {
  readonly owner: string;
  readonly address?: string;
  readonly file: InputFile;
}

const loadedInputs = ({ placed }: TargetPlan): readonly Input[] => [
  { owner: "hypervisor", address: hex(placed.hypervisor.start), file: placed.resolved.hypervisor.image.file },
  ...placed.modules.flatMap(({ domain, kind, file, at }) => {
    const owner = `${domain}/${kind}`;
    if (kind !== "passthrough") return [{ owner, address: hex(at.start), file }];
    // What is loaded is an output; the user may have written what it was made of.
    const source = placed.resolved.domains.find(({ name }) => name === domain)?.passthrough?.source;
    return source ? [{ owner, file: source }] : [];
  }),
];

/** As the user wrote it, if that means the same file in every checkout; of a whole path only the file's name. */
const portablePath = (path: string): string => (path.startsWith("/") ? path.slice(path.lastIndexOf("/") + 1) : path);
