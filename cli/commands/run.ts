import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifact, Diagnostic, PlacedSystem } from "../../compiler/index.ts";
import { compile, diagnose, emulation } from "../../compiler/index.ts";
import { hostFor } from "../adapters/host.ts";
import { onInterrupt } from "../adapters/interrupts.ts";
import { writeOutputFolder } from "../adapters/output-folder.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import type { QemuEnding, QemuRequest } from "../tools/qemu.ts";
import { runQemu } from "../tools/qemu.ts";
import { readSystem, refuse, report } from "./system.ts";
import type { SystemOptions } from "./system.ts";

export interface RunOptions extends SystemOptions {
  readonly expect?: readonly string[];
  readonly timeout?: number;
}

/** Builds into a temporary folder, boots what was built in QEMU, and shows the consoles by domain. */
export async function run(config: string, options: RunOptions, surroundings: Surroundings): Promise<number> {
  const { value: request, diagnostics } = await readSystem(config, options, surroundings);
  if (request === undefined) return report(diagnostics, "pretty", surroundings);
  const built = await compile(hostFor(request.config.file), request);
  if (built.artifacts === undefined || built.placed === undefined) return refuse(built.diagnostics, surroundings);
  report(built.diagnostics, "pretty", surroundings);
  return report(await boot(built.placed, built.artifacts, options, surroundings), "pretty", surroundings);
}

async function boot(
  placed: PlacedSystem,
  artifacts: readonly Artifact[],
  { expect: expects = [], timeout }: RunOptions,
  surroundings: Surroundings,
): Promise<readonly Diagnostic[]> {
  const { profile } = placed.resolved.board;
  const domains = placed.domains.map(({ resolved }) => resolved.name);
  for (const text of expects) {
    const stranger = strangerIn(text, domains);
    if (stranger !== undefined)
      return [
        diagnose("XI7301", {
          texts: [text],
          ending: `"${stranger}" is no console, only ${domains.join(", ")} and hypervisor are`,
        }),
      ];
  }
  const folder = await mkdtemp(join(tmpdir(), "xenimg-run-"));
  const forget = onInterrupt(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    const output = join(folder, "output");
    const args = await emulation(placed, output);
    if (profile.emulator === undefined || args === undefined) return [diagnose("XI7302", { board: profile.name })];
    const obstacles = await writeOutputFolder(output, artifacts);
    if (obstacles.length > 0) return obstacles;
    const request: QemuRequest = {
      program: profile.emulator.program,
      args,
      domains,
      expects,
      seconds: timeout ?? (expects.length > 0 ? 60 : undefined),
    };
    // From here on signals end QEMU first.
    forget();
    return explain(await runQemu(request, surroundings), request);
  } finally {
    forget();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Whom a text names as its speaker, in brackets and a space, if there is nobody of that name. What is in brackets otherwise,
 * such as a time of Linux, is the line's own.
 */
function strangerIn(text: string, domains: readonly string[]): string | undefined {
  const [, speaker] = /^\[([A-Za-z][\w.+-]*)\] /.exec(text) ?? [];
  return speaker === undefined || speaker === "hypervisor" || domains.includes(speaker) ? undefined : speaker;
}

function explain(ending: QemuEnding, { program: tool, expects, seconds }: QemuRequest): readonly Diagnostic[] {
  switch (ending.kind) {
    case "missing":
      return [diagnose("XI7201", { tool, package: "qemu-system-arm" })];
    case "failed":
      return [diagnose("XI7202", { tool, reason: ending.reason })];
    case "timed-out":
      return [diagnose("XI7301", { texts: ending.unseen, ending: `the time of ${seconds ?? 0} s was over` })];
    case "interrupted":
      return [diagnose("XI7301", { texts: ending.unseen, ending: `the run was interrupted by ${ending.signal}` })];
    case "ended":
    case "stopped":
      if (expects.length === 0) return [];
      return [
        diagnose("XI7301", {
          texts: ending.unseen,
          ending: ending.kind === "ended" ? `${tool} ended` : "the run was stopped",
        }),
      ];
    case "all-seen":
      return [];
  }
}
