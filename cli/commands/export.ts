import { basename, dirname, extname, relative, resolve, sep } from "node:path";
import type { CompileRequest, Diagnostic, Exported, Outcome, PlacedSystem } from "../../compiler/index.ts";
import { check, diagnose, exportSystem } from "../../compiler/index.ts";
import { writeNewFiles } from "../adapters/files.ts";
import { hostFor } from "../adapters/host.ts";
import { pathFrom } from "../adapters/paths.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { readSystem, refuse, report, withoutHypervisor } from "./system.ts";
import type { SystemOptions } from "./system.ts";

export interface ExportOptions extends Omit<SystemOptions, "relock"> {
  /** Where to write; absent: to stdout, as if it lay beside the configuration. */
  readonly output?: string;
}

/** Writes what another tool boots the same system from. Nothing that is there is written over. */
export async function exportConfig(
  config: string,
  { output, ...options }: ExportOptions,
  surroundings: Surroundings,
): Promise<number> {
  const missing = withoutHypervisor(options);
  if (missing.length > 0) return report(missing, "pretty", surroundings);
  const { value: request, diagnostics } = await readSystem(config, options, surroundings);
  if (request === undefined) return refuse(diagnostics, surroundings);
  const { placed, diagnostics: found } = await check(hostFor(request.config.file), request);
  if (placed === undefined) return refuse(found, surroundings);

  const target = output === undefined ? undefined : resolve(surroundings.cwd, output);
  const { value, diagnostics: told } = await translate(request, placed, target);
  if (value === undefined) return refuse([...found, ...told], surroundings);
  const obstacles = target === undefined ? unwritten(value) : await write(target, output ?? target, value);
  const exitCode = report([...found, ...told, ...obstacles], "pretty", surroundings);
  if (exitCode === 0 && target === undefined) surroundings.stdout(value.text);
  return exitCode;
}

function translate(
  request: CompileRequest,
  placed: PlacedSystem,
  target: string | undefined,
): Promise<Outcome<Exported>> {
  const from = dirname(request.config.file);
  const folder = target === undefined ? from : dirname(target);
  return exportSystem(request, {
    placed,
    stem: target === undefined ? request.name : stemOf(basename(target)),
    hypervisor: relative(folder, request.hypervisor.path).split(sep).join("/"),
    pathFor: (path) => pathFrom(folder, from, path),
  });
}

/** Of a name that a device tree beside it could have, all of it. */
const stemOf = (name: string): string =>
  extname(name) === ".dtb" ? name : name.slice(0, name.length - extname(name).length);

const unwritten = ({ files }: Exported): readonly Diagnostic[] =>
  files.length === 0 ? [] : [diagnose("XI7021", { paths: files.map(({ path }) => path) })];

function write(target: string, name: string, { text, files }: Exported): Promise<readonly Diagnostic[]> {
  const beside = files.map(({ path, pieces }) => ({
    path: resolve(dirname(target), path),
    shown: pathFrom(".", dirname(name), path),
    content: Buffer.concat(pieces.map((piece) => (piece instanceof Uint8Array ? piece : Buffer.alloc(piece.zeros)))),
  }));
  // The text last: whoever sees it finds what it names.
  return writeNewFiles([...beside, { path: target, shown: name, content: text }]);
}
