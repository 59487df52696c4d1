import { readFile } from "node:fs/promises";
import type { SystemInput } from "../config/input.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { compile } from "../driver/compile.ts";
import type { ImageRequest } from "../driver/request.ts";
import type { Artifact, Piece } from "../ir/artifact.ts";
import type { Digest } from "../ir/host.ts";
import type { Target } from "../ir/target.ts";
import { expectSoundEvidence } from "./evidence.ts";
import { realDigest } from "./keys.ts";
import { tableHost } from "./system.ts";

export type Files = Readonly<Record<string, Uint8Array>>;

export interface BuildRequest extends Partial<ImageRequest> {
  /** Where the configuration is. */
  readonly folder?: string;
  readonly target?: Target;
  /** Instead of real hashes. */
  readonly digest?: Digest;
}

export interface Built {
  readonly artifacts?: readonly Artifact[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A build with this package's templates and real hashes; image.bin alone unless other formats are asked for. */
export async function build(value: SystemInput, table: Files, request: BuildRequest = {}): Promise<Built> {
  const { folder = "/somewhere", target = { hypervisor: "core" }, digest = realDigest, ...images } = request;
  const host = {
    ...tableHost(table),
    readTemplate: (name: string) => readFile(new URL(`../../templates/${name}`, import.meta.url), "utf8"),
    digest,
  };
  const built = await compile(host, {
    config: { file: `${folder}/board.ts`, text: "the text", value },
    name: "board",
    target,
    version: "0",
    hypervisor: { path: "core.img", name: "core.img" },
    images: { formats: ["raw"], hash: "sha256", ...images },
  });
  expectSoundEvidence(built.artifacts ?? []);
  return built;
}

/** The same, every output by its path. Throws where there is an error. */
export async function outputs(value: SystemInput, table: Files, request?: BuildRequest): Promise<Map<string, Buffer>> {
  const { artifacts, diagnostics } = await build(value, table, request);
  if (!artifacts) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return new Map(artifacts.map(({ path, pieces }) => [path, joinPieces(pieces)]));
}

export const joinPieces = (pieces: readonly Piece[]): Buffer =>
  Buffer.concat(pieces.map((piece) => (piece instanceof Uint8Array ? piece : Buffer.alloc(piece.zeros))));
