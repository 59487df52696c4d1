import type { CheckResult, DiagnosticFormat } from "../../compiler/index.ts";
import { check as compilerCheck, fixed, fixesOf, trace } from "../../compiler/index.ts";
import { replaceText } from "../adapters/files.ts";
import { hostFor } from "../adapters/host.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { readSystem, report } from "./system.ts";
import type { SystemOptions } from "./system.ts";

export interface CheckOptions extends SystemOptions {
  readonly format: DiagnosticFormat;
  /** Show what the hypervisor will say at boot. */
  readonly trace?: boolean;
  /** Write what is mechanical to mend into the configuration, then check again. */
  readonly fix?: boolean;
}

const mostRounds = 8;

interface Checked extends CheckResult {
  /** The configuration's file and text, where it could be read. */
  readonly source?: { readonly file: string; readonly text: string };
}

/** Everything short of images; writes nothing but the configuration itself, and that only to fix it. */
export async function check(config: string, options: CheckOptions, surroundings: Surroundings): Promise<number> {
  let result = await examine(config, options, surroundings);
  // A mistake that is mended may have hidden others; two of them could undo each other without end.
  for (let round = 0; options.fix && round < mostRounds; round++) {
    const written = await writeFixes(config, result, surroundings);
    if (typeof written === "number") return written;
    if (!written) break;
    result = await examine(config, options, surroundings);
  }
  const exitCode = report(result.diagnostics, options.format, surroundings);
  if (exitCode === 0 && options.format === "pretty") {
    const count = result.placed?.domains.length ?? 0;
    const lines = options.trace && result.placed ? await trace(result.placed) : [];
    surroundings.stdout(lines.map((line) => `${line}\n`).join(""));
    surroundings.stdout(`${config}: sound, ${count} domain${count === 1 ? "" : "s"}\n`);
  }
  return exitCode;
}

async function examine(config: string, options: CheckOptions, surroundings: Surroundings): Promise<Checked> {
  const { value: request, diagnostics } = await readSystem(config, options, surroundings);
  if (request === undefined) return { diagnostics };
  return { ...(await compilerCheck(hostFor(request.config.file), request)), source: request.config };
}

/** Whether anything was written; the exit code where that went wrong. */
async function writeFixes(
  config: string,
  { source, diagnostics }: Checked,
  surroundings: Surroundings,
): Promise<boolean | number> {
  const fixes = source ? fixesOf(source.file, diagnostics) : [];
  if (source === undefined || fixes.length === 0) return false;
  const unwritten = await replaceText(source.file, source.text, fixed(source.text, fixes));
  if (unwritten.length > 0) return report(unwritten, "pretty", surroundings);
  surroundings.stderr(`${config}: fixed ${fixes.length} place${fixes.length === 1 ? "" : "s"}\n`);
  return true;
}
