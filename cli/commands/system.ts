import { basename, dirname, join, relative, resolve } from "node:path";
import type { CompileRequest, Diagnostic, DiagnosticFormat, Outcome, Target } from "../../compiler/index.ts";
import { InvariantError, diagnose, formatTarget, locate, preload, renderers } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile, readTextNow } from "../adapters/files.ts";
import { coreImage, pvCoreImage, version } from "../adapters/package.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { wantsColor } from "../adapters/terminal.ts";
import { evaluate } from "../evaluation/evaluate.ts";

/** The options of every command that reads a configuration. */
export interface SystemOptions {
  readonly set: Readonly<Record<string, string>>;
  readonly hypervisor?: string;
  readonly target?: Target;
  readonly relock?: boolean;
}

/** The file beside a configuration that keeps what was allocated. */
export const lockFileOf = (configFile: string): string => join(dirname(configFile), "xenimg.lock.json");

/** Evaluates a configuration and gathers what the compiler wants to know besides. */
export async function readSystem(
  config: string,
  options: SystemOptions,
  { stderr, cwd }: Surroundings,
): Promise<Outcome<CompileRequest>> {
  const { path, variant } = splitVariant(config);
  const file = resolve(cwd, path);
  // Before it is evaluated: of what somebody writes into it meanwhile nothing was checked.
  const text = await readTextOf(file);
  const evaluation = { file, parameters: options.set, ...(variant !== undefined && { variant }) };
  // Both take a while: the stages load here while the configuration is evaluated in its thread.
  const [{ value, diagnostics }] = await Promise.all([evaluate(evaluation, stderr), preload()]);
  const source = { file, text, ...(variant !== undefined && { variant }) };
  if (diagnostics.length > 0) return { diagnostics: await locate(diagnostics, source) };
  const hypervisor =
    options.hypervisor === undefined
      ? { ...named(coreImage), withPv: named(pvCoreImage) }
      : named(resolve(cwd, options.hypervisor));
  const { value: lock, diagnostics: unlockable } = await readLock(lockFileOf(file), options);
  if (unlockable.length > 0) return { diagnostics: unlockable };
  const request: CompileRequest = {
    config: { ...source, parameters: options.set, value },
    name: [basename(file).replace(/\.[cm]?[jt]s$/, ""), ...(variant === undefined ? [] : [variant])].join("-"),
    target: options.target ?? { hypervisor: "core" },
    version,
    hypervisor,
    ...(lock === undefined ? {} : { lock }),
    ...(options.relock === true ? { relock: true } : {}),
  };
  return { value: request, diagnostics: [] };
}

const named = (path: string): { readonly path: string; readonly name: string } => ({ path, name: basename(path) });

const readTextOf = async (file: string): Promise<string> =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(await readRegularFile(file).catch(() => new Uint8Array()));

/** `board.ts#debug` is the export `debug` of `board.ts`. */
function splitVariant(config: string): { readonly path: string; readonly variant: string | undefined } {
  const [, path = config, variant] = /^(.+\.[cm]?[jt]s)#([A-Za-z_$][\w$]*)$/.exec(config) ?? [];
  return { path, variant };
}

/** Undefined where there is none, or none that matters. */
async function readLock(path: string, { relock }: SystemOptions): Promise<Outcome<string | undefined>> {
  try {
    return { value: new TextDecoder().decode(await readRegularFile(path)), diagnostics: [] };
  } catch (error) {
    if (relock === true || (error as NodeJS.ErrnoException).code === "ENOENT") return { diagnostics: [] };
    return { diagnostics: [diagnose("XI2101", { reason: reasonOf(error) })] };
  }
}

/** What is missing for a build that `check` can do without. */
export function withoutHypervisor({ target, hypervisor }: SystemOptions): readonly Diagnostic[] {
  if (target === undefined || target.hypervisor === "core" || hypervisor !== undefined) return [];
  return [diagnose("XI6903", { target: formatTarget(target) })];
}

/** Outside programs that are missing or failed, those that sign among them: exit 3. */
const toolCodes = /^XI(72|6022|6023)/;

/**
 * Shows diagnostics and says how the program ends. For people they go to stderr, as an excerpt of the file; the other
 * formats are a result, and go to stdout.
 */
export function report(
  diagnostics: readonly Diagnostic[],
  format: DiagnosticFormat,
  surroundings: Surroundings,
): number {
  const sources = new Map<string, string | undefined>();
  const text = renderers[format](diagnostics, {
    source: (file) => {
      if (!sources.has(file)) sources.set(file, readTextNow(file));
      return sources.get(file);
    },
    display: (file) => relative(surroundings.cwd, file),
    color: wantsColor(surroundings),
    version,
  });
  (format === "pretty" ? surroundings.stderr : surroundings.stdout)(text);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return 0;
  return errors.every(({ code }) => toolCodes.test(code)) ? 3 : 1;
}

/** Reports why there is nothing to write or to boot. */
export function refuse(diagnostics: readonly Diagnostic[], surroundings: Surroundings): number {
  const exitCode = report(diagnostics, "pretty", surroundings);
  if (exitCode === 0) throw new InvariantError("expected output for a system without errors");
  return exitCode;
}
