import type { DiagnosticFormat } from "../../compiler/index.ts";
import { check as compilerCheck, trace } from "../../compiler/index.ts";
import { hostFor } from "../adapters/host.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { readSystem, report } from "./system.ts";
import type { SystemOptions } from "./system.ts";

export interface CheckOptions extends SystemOptions {
  readonly format: DiagnosticFormat;
  /** Show what the hypervisor will say at boot. */
  readonly trace?: boolean;
}

/** Everything short of images; writes nothing. */
export async function check(config: string, options: CheckOptions, surroundings: Surroundings): Promise<number> {
  const { value: request, diagnostics } = await readSystem(config, options, surroundings);
  if (request === undefined) return report(diagnostics, options.format, surroundings);
  const result = await compilerCheck(hostFor(request.config.file), request);
  const exitCode = report(result.diagnostics, options.format, surroundings);
  if (exitCode === 0 && options.format === "pretty") {
    const count = result.placed?.domains.length ?? 0;
    const lines = options.trace && result.placed ? await trace(result.placed) : [];
    surroundings.stdout(lines.map((line) => `${line}\n`).join(""));
    surroundings.stdout(`${config}: sound, ${count} domain${count === 1 ? "" : "s"}\n`);
  }
  return exitCode;
}
