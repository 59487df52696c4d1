import { join, relative, resolve } from "node:path";
import type { Artifact } from "../../compiler/index.ts";
import { compile, formatSize, pieceLength } from "../../compiler/index.ts";
import { writeFileWhole } from "../adapters/files.ts";
import { hostFor } from "../adapters/host.ts";
import { writeOutputFolder } from "../adapters/output-folder.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { lockFileOf, readSystem, refuse, report, withoutHypervisor } from "./system.ts";
import type { SystemOptions } from "./system.ts";

export interface BuildOptions extends SystemOptions {
  readonly output?: string;
}

/** Checks, places, links, and writes the output folder. */
export async function build(config: string, options: BuildOptions, surroundings: Surroundings): Promise<number> {
  const missing = withoutHypervisor(options);
  if (missing.length > 0) return report(missing, "pretty", surroundings);
  const { value: request, diagnostics } = await readSystem(config, options, surroundings);
  if (request === undefined) return report(diagnostics, "pretty", surroundings);
  const { file } = request.config;
  const { artifacts, lock, diagnostics: found } = await compile(hostFor(file), request);
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

function listOf(artifacts: readonly Artifact[], folder: string): string {
  const lines = artifacts.map(({ path, pieces }) => {
    const size = pieces.reduce((total, piece) => total + pieceLength(piece), 0);
    return `${join(folder, path)}  ${formatSize(size)}\n`;
  });
  return lines.join("");
}
