import { join, relative, resolve } from "node:path";
import type { Artifact, HashAlgorithm, ImageFormat, ImageRequest, Outcome } from "../../compiler/index.ts";
import { compile, diagnose, formatSize, pieceLength } from "../../compiler/index.ts";
import { writeFileWhole } from "../adapters/files.ts";
import { hostFor } from "../adapters/host.ts";
import { readSigner } from "../adapters/keys.ts";
import { writeOutputFolder } from "../adapters/output-folder.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { lockFileOf, readSystem, refuse, report, withoutHypervisor } from "./system.ts";
import type { SystemOptions } from "./system.ts";

export interface BuildOptions extends SystemOptions {
  readonly output?: string;
  readonly format?: readonly ImageFormat[];
  /** Left out: SHA-256. */
  readonly hash?: HashAlgorithm;
  readonly sign?: string;
  readonly release?: boolean;
}

/** Checks, places, links, and writes the output folder. */
export async function build(config: string, options: BuildOptions, surroundings: Surroundings): Promise<number> {
  const missing = withoutHypervisor(options);
  if (missing.length > 0) return report(missing, "pretty", surroundings);
  const { value: request, diagnostics } = await readSystem(config, options, surroundings);
  if (request === undefined) return report(diagnostics, "pretty", surroundings);
  const { file } = request.config;
  const { value: images, diagnostics: unsignable } = await imagesOf(options, surroundings);
  if (images === undefined) return report(unsignable, "pretty", surroundings);
  const { artifacts, lock, diagnostics: found } = await compile(hostFor(file), { ...request, images });
  if (artifacts === undefined) return refuse(found, surroundings);
  const folder = resolve(surroundings.cwd, options.output ?? join("build", request.name));
  const shown = relative(surroundings.cwd, folder) || ".";
  const obstacles = await writeOutputFolder(folder, artifacts, shown);
  if (obstacles.length > 0) return report([...found, ...obstacles], "pretty", surroundings);
  const unlocked = lock === undefined || lock === request.lock ? [] : await writeFileWhole(lockFileOf(file), lock);
  const exitCode = report([...found, ...unlocked], "pretty", surroundings);
  if (exitCode === 0) surroundings.stdout(listOf(artifacts, shown));
  return exitCode;
}

/** What is asked for, and who signs it. */
async function imagesOf(
  { format: formats = ["raw"], hash: asked, sign, release }: BuildOptions,
  surroundings: Surroundings,
): Promise<Outcome<ImageRequest>> {
  const refuse = (option: string, problem: string): Outcome<never> => ({
    diagnostics: [diagnose("XI6013", { option, problem })],
  });
  const hash = asked ?? "sha256";
  if (sign !== undefined && !formats.includes("fit")) return refuse("--sign", "signs nothing without --format fit");
  if (asked !== undefined && !formats.includes("fit")) return refuse("--hash", "hashes nothing without --format fit");
  if (release === true && sign === undefined) return refuse("--release", "signs nothing without --sign KEY");
  if (release === true && formats.includes("raw"))
    return refuse("--release", "leaves image.bin of --format raw unsigned");
  if (sign === undefined) return { value: { formats, hash }, diagnostics: [] };
  const { value: signer, diagnostics } = await readSigner(sign, surroundings);
  if (signer === undefined) return { diagnostics };
  if (signer.development && release === true) return { diagnostics: [diagnose("XI6016", { file: sign })] };
  return { value: { formats, hash, signer }, diagnostics };
}

function listOf(artifacts: readonly Artifact[], folder: string): string {
  const lines = artifacts.map(({ path, pieces }) => {
    const size = pieces.reduce((total, piece) => total + pieceLength(piece), 0);
    return `${join(folder, path)}  ${formatSize(size)}\n`;
  });
  return lines.join("");
}
