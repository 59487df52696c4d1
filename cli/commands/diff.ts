import type { CheckResult, DifferenceFormat } from "../../compiler/index.ts";
import { check as compilerCheck, diff as compilerDiff } from "../../compiler/index.ts";
import { hostFor } from "../adapters/host.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import type { SystemOptions } from "./system.ts";
import { readSystem, refuse } from "./system.ts";

export interface DiffOptions extends Omit<SystemOptions, "relock"> {
  readonly format: DifferenceFormat;
}

/** What changed in meaning between two systems that are both sound; writes nothing. */
export async function diff(
  before: string,
  after: string,
  { format, ...options }: DiffOptions,
  surroundings: Surroundings,
): Promise<number> {
  const read = async (config: string): Promise<CheckResult> => {
    const { value: request, diagnostics } = await readSystem(config, options, surroundings);
    return request === undefined ? { diagnostics } : compilerCheck(hostFor(request.config.file), request);
  };
  const old = await read(before);
  if (old.placed === undefined) return refuse(old.diagnostics, surroundings);
  const now = await read(after);
  if (now.placed === undefined) return refuse(now.diagnostics, surroundings);
  surroundings.stdout(await compilerDiff(hostFor(after), old.placed, now.placed, format));
  return 0;
}
