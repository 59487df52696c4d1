import type { Artifact } from "../ir/artifact.ts";
import type { LoadedFile, TargetPlan } from "../ir/plan.ts";
import { mapText } from "./map.ts";
import type { RunScriptOptions } from "./run-script.ts";
import { emitRunScript } from "./run-script.ts";
import { bytesArtifact, textArtifact } from "./text.ts";
import { emitTrees } from "./trees.ts";

export interface Emitted {
  /** system.dtb, for PACK. */
  readonly systemTree: Uint8Array;
  readonly artifacts: readonly Artifact[];
}

/** EMIT: every file that is no image, but the manifest, which counts the images too. */
export function emit(plan: TargetPlan, options: RunScriptOptions): Emitted {
  const trees = emitTrees(plan);
  const files = plan.files.map((file) => bytesArtifact(file.path, contentOf(file, trees.system)));
  const script = plan.run ? [emitRunScript(plan, plan.run, options)] : [];
  return {
    systemTree: trees.system,
    artifacts: [...files, ...trees.artifacts, textArtifact("map.txt", mapText(plan.placed)), ...script],
  };
}

const contentOf = ({ content }: LoadedFile, systemTree: Uint8Array): Uint8Array =>
  content.kind === "bytes" ? content.bytes : systemTree;
