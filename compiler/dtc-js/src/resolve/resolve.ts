import { diagnosticOf } from "../check/diagnose.ts";
import { runChecks } from "../check/run.ts";
import { referenceChecks } from "../check/table.ts";
import type { Result } from "../diagnostic.ts";
import { answer, refusal } from "../result.ts";
import type { DeviceTree } from "../tree.ts";

/**
 * Fills in what references stand for: allocates phandles where they are needed, writes phandle cells and path strings,
 * drops `/omit-if-no-ref/` nodes that nothing refers to. Can be repeated after edits.
 */
export function resolveReferences(tree: DeviceTree): Result<DeviceTree> {
  const checked = runChecks(tree, { checks: referenceChecks, keepGoing: true });
  const diagnostics = checked.findings.filter(({ entry }) => entry).map(diagnosticOf);
  return checked.refused ? refusal(diagnostics) : answer(checked.tree, diagnostics);
}
