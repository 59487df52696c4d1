import type { Artifact } from "../ir/artifact.ts";
import type { LoadedFile, TargetPlan } from "../ir/plan.ts";
import { mapText } from "./map.ts";
import { pvScript } from "./pv-script.ts";
import type { RunScriptOptions } from "./run-script.ts";
import { emitRunScript } from "./run-script.ts";
import { bytesArtifact, textArtifact } from "./text.ts";
import { emitTrees } from "./trees.ts";

export interface Emitted {
  /** system.dtb, for PACK. */
  readonly systemTree: Uint8Array;
  readonly artifacts: readonly Artifact[];
}

export interface EmitOptions extends RunScriptOptions {
  /** Text of pv.sh.hbs. */
  readonly pvTemplate: string;
}

/** EMIT: every file that is no image, but the manifest, which counts the images too. */
export function emit(plan: TargetPlan, options: EmitOptions): Emitted {
  const trees = emitTrees(plan);
  const files = plan.files.map((file) => bytesArtifact(file.path, contentOf(file, trees.system)));
  const script = plan.run ? [emitRunScript(plan, plan.run, options)] : [];
  return {
    systemTree: trees.system,
    artifacts: [
      ...files,
      ...trees.artifacts,
      textArtifact("map.txt", mapText(plan.placed)),
      ...script,
      ...pvScript(plan.placed, options.pvTemplate),
    ],
  };
}

const contentOf = ({ content }: LoadedFile, systemTree: Uint8Array): Uint8Array =>
  content.kind === "bytes" ? content.bytes : systemTree;
