import Handlebars from "handlebars";
import type { Artifact } from "../ir/artifact.ts";
import type { RunPlan, TargetPlan } from "../ir/plan.ts";
import { imageArguments, separateLoads } from "./qemu.ts";
import { textArtifact } from "./text.ts";

export interface RunScriptOptions {
  /** Text of run.sh.hbs. */
  readonly runTemplate: string;
  /** Whether image.bin is among the outputs. */
  readonly hasImage: boolean;
}

/** `run.sh` from templates/run.sh.hbs: the same QEMU command that `xenimg run` uses. */
export function emitRunScript(plan: TargetPlan, run: RunPlan, { runTemplate, hasImage }: RunScriptOptions): Artifact {
  const render = Handlebars.create().compile(runTemplate, { noEscape: true, strict: true, knownHelpersOnly: true });
  const view = {
    // Stands in a comment, which no character may end.
    name: plan.placed.resolved.name.replaceAll(/\p{Cc}/gu, "?"),
    program: run.program,
    machineArgs: run.machineArgs.map(shellWord),
    loads: separateLoads(plan.files, run).map(shellWord),
    image: run.image === undefined || !hasImage ? "" : imageArguments("image.bin", run.image).map(shellWord).join(" "),
  };
  return textArtifact("run.sh", render(view), true);
}

/** A word as the shell reads it back, whatever is in it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
