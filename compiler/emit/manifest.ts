import { hex } from "../base/units.ts";
import type { Artifact, Piece } from "../ir/artifact.ts";
import { pieceLength } from "../ir/artifact.ts";
import type { Host } from "../ir/host.ts";
import type { TargetPlan } from "../ir/plan.ts";
import type { InputFile } from "../ir/resolved.ts";
import { formatTarget } from "../ir/target.ts";
import { textArtifact } from "./text.ts";

/** Rises when a reader of older manifests would misunderstand a newer one. */
export const manifestFormat = 1;

/**
 * Every input and output with size and SHA-256, and where each loaded piece goes. Addresses are hexadecimal strings:
 * JSON readers disagree about large numbers. Nothing of the machine or the moment: the same inputs, the same bytes.
 */
export function emitManifest(
  plan: TargetPlan,
  outputs: readonly Artifact[],
  version: string,
  sha256: Host["sha256"],
): Artifact {
  const { placed, files } = plan;
  const { resolved } = placed;
  // Most outputs are inputs, the same array of bytes: each is hashed once.
  const known = new Map<Piece, string>();
  const hashOf = (pieces: readonly Piece[]): string => {
    const [only] = pieces;
    if (only === undefined || pieces.length > 1) return sha256(pieces);
    const hash = known.get(only) ?? sha256(pieces);
    known.set(only, hash);
    return hash;
  };
  const places = new Map(files.map(({ path, at, owner }) => [path, { address: hex(at), owner }]));
  const manifest = {
    format: manifestFormat,
    xenimg: version,
    name: resolved.name,
    target: formatTarget(resolved.target),
    board: { name: resolved.board.profile.name, parameters: resolved.board.profile.parameters },
    image: { address: hex(placed.image.start), size: placed.image.size },
    inputs: inputsOf(plan).map(({ owner, file, address }) => ({
      path: file.path,
      owner,
      ...(address !== undefined && { address }),
      size: file.bytes.length,
      sha256: hashOf([file.bytes]),
    })),
    outputs: outputs.map(({ path, pieces }) => ({
      path,
      ...places.get(path),
      ...(path === "image.bin" && { address: hex(placed.image.start), owner: "image" }),
      size: pieces.reduce((sum, piece) => sum + pieceLength(piece), 0),
      sha256: hashOf(pieces),
    })),
    domains: placed.domains.map(({ resolved: domain, domid, banks }) => ({
      name: domain.name,
      domid,
      cpus: domain.cpus,
      pool: domain.pool?.name ?? null,
      banks: banks.map(({ guest, machine }) => ({
        guest: hex(guest.start),
        machine: hex(machine.start),
        size: guest.size,
      })),
    })),
    memory: placed.regions.map(({ range, kind, owner }) => ({
      start: hex(range.start),
      size: range.size,
      kind,
      owner,
    })),
  };
  return textArtifact("manifest.json", `${JSON.stringify(manifest, undefined, 2)}\n`);
}

interface Input {
  readonly owner: string;
  readonly file: InputFile;
  readonly address?: string;
}

const inputsOf = ({ placed }: TargetPlan): readonly Input[] => [
  { owner: "hypervisor", file: placed.resolved.hypervisor.image.file, address: hex(placed.hypervisor.start) },
  ...placed.modules.map(({ domain, kind, file, at }) => ({ owner: `${domain}/${kind}`, file, address: hex(at.start) })),
];
