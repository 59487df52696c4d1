import type { PlacedSystem } from "../ir/placed.ts";
import type { TargetPlan } from "../ir/plan.ts";
import { loadedFiles } from "./files.ts";
import { guestTree } from "./guest-tree.ts";
import { runPlan } from "./run.ts";
import { systemTree } from "./system-tree.ts";

/** LOWER: everything is decided here; the stages that follow cannot fail. */
export function lower(placed: PlacedSystem): TargetPlan {
  const run = runPlan(placed);
  return {
    placed,
    systemTree: systemTree(placed),
    guestTrees: placed.domains.map((domain) => ({ domain: domain.resolved.name, tree: guestTree(domain, placed) })),
    files: loadedFiles(placed),
    ...(run && { run }),
  };
}
