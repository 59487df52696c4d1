import Handlebars from "handlebars";
import { hex } from "../base/units.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { RunPlan, TargetPlan } from "../ir/plan.ts";
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
  const loads = [
    ...plan.files.map(({ path, at }) => `loader,file=${optionValue(path)},addr=${hex(at)},force-raw=on`),
    ...run.stub.words.map(
      (word, index) => `loader,addr=${hex(run.stub.at + index * 8)},data=0x${word.toString(16)},data-len=8`,
    ),
    `loader,addr=${hex(run.stub.at)},cpu-num=0`,
  ];
  const view = {
    // Stands in a comment, which no character may end.
    name: plan.placed.resolved.name.replaceAll(/\p{Cc}/gu, "?"),
    program: run.program,
    machineArgs: run.machineArgs.map(shellWord),
    loads: loads.map(shellWord),
    image: run.image === undefined || !hasImage ? "" : imageArguments(run.image).map(shellWord).join(" "),
  };
  return textArtifact("run.sh", render(view), true);
}

/** QEMU puts an Image where its header asks if `-kernel` names it; elsewhere, bytes and the first CPU's start. */
const imageArguments = ({ at, kernelAddress }: NonNullable<RunPlan["image"]>): readonly string[] =>
  at === kernelAddress
    ? ["-kernel", "image.bin"]
    : ["-device", `loader,file=image.bin,addr=${hex(at)},force-raw=on`, "-device", `loader,addr=${hex(at)},cpu-num=0`];

/** In QEMU's options a comma ends a value; a doubled one is a comma. */
const optionValue = (text: string): string => text.replaceAll(",", ",,");

/** A word as the shell reads it back, whatever is in it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
