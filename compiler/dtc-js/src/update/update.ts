import type { Change } from "../diff/change.ts";
import { diffTrees } from "../diff/diff.ts";
import { sameReservations } from "../diff/same.ts";
import type { Result } from "../diagnostic.ts";
import type { ParseOptions } from "../parse/options.ts";
import { readSource } from "../parse/parse.ts";
import { answer, refusal } from "../result.ts";
import type { SourceFile } from "../span.ts";
import type { DeviceTree } from "../tree.ts";
import { hereBefore, hereIn, nowhere, type Here } from "./here.ts";
import { keyOf, Plan } from "./plan.ts";
import { applyEdits, tidyEdits, type TextEdit } from "./text.ts";

export interface SourceUpdate {
  readonly text: string;
  /** What leads there, in order: for editors that want no more than that. */
  readonly edits: readonly TextEdit[];
}

/**
 * Changes a source so that it says what `change` makes of its tree; every other byte stays. `change` gets the tree as
 * `readSource` gives it, references unresolved, and may use any editing function. Where the source itself says
 * something, that place is changed, also where it goes through the preprocessor; what included files and macros say
 * is changed behind them, at the source's end.
 *
 * The new text has been read again, and says what was wanted, up to the order of properties and nodes. Where it cannot
 * be made to, as for another boot CPU or a label that goes, the answer is a diagnostic with code `edit`. References
 * are not resolved: whether the new text refers to something that is gone says `parse`.
 */
export function updateSource(
  source: string | SourceFile,
  change: (tree: DeviceTree) => DeviceTree,
  options: ParseOptions = {},
): Result<SourceUpdate> {
  const file = typeof source === "string" ? { name: "<source>", text: source } : source;
  const read = readSource(file, options);
  if (!read.ok) return read;
  const tree = read.value;
  const wanted = change(tree);
  if (wanted.bootCpuid !== tree.bootCpuid || wanted.plugin !== tree.plugin) {
    return refuse("a source cannot be changed to have another boot CPU or /plugin/");
  }
  if (!sameReservations(tree.reservations, wanted.reservations, "source")) {
    return refuse("reservations of a source cannot be changed");
  }
  const preprocessed = (options.preprocess ?? false) !== false;
  const written = write(preprocessed ? hereBefore(file) : hereIn(file), tree, wanted, options);
  // What macros make of the text may not let it be changed in its place; behind it, all can be said.
  return written.ok || !preprocessed ? written : write(nowhere(file), tree, wanted, options);
}

function write(here: Here, tree: DeviceTree, wanted: DeviceTree, options: ParseOptions): Result<SourceUpdate> {
  const { file } = here;
  const changes = diffTrees(tree, wanted, { compare: "source" });
  let stubborn: ReadonlySet<string> | undefined = new Set();
  for (;;) {
    const refused: ReadonlySet<string> | undefined = stubborn;
    const plan = new Plan(here, tree, (key) => refused?.has(key) ?? true);
    for (const each of changes) plan.add(each);
    const edits = tidyEdits(plan.finish());
    const text = applyEdits(file.text, edits);
    const again = readSource({ ...file, text }, options);
    const left = again.value && remaining(again.value, wanted);
    if (left?.length === 0) return answer({ text, edits }, again.diagnostics);
    if (stubborn === undefined) {
      return refuse(
        again.ok ? describe(left?.[0]) : `the source cannot be changed so: ${again.diagnostics[0].message}`,
      );
    }
    // First, only what came back; then, whatever goes.
    const back: readonly string[] = (left ?? []).flatMap(keyOfRemoval).filter((key) => !refused?.has(key));
    stubborn = back.length > 0 ? new Set([...stubborn, ...back]) : undefined;
  }
}

/** Order is no reason to refuse: a source merges what is said of a node in several places. */
const remaining = (got: DeviceTree, wanted: DeviceTree): readonly Change[] =>
  diffTrees(got, { ...wanted, bootCpuid: got.bootCpuid }, { compare: "source" }).filter(
    ({ kind }) => kind !== "order-changed",
  );

/** What is still there. */
function keyOfRemoval(change: Change): readonly string[] {
  if (change.kind === "property-removed") return [keyOf(change.path, change.property.name)];
  return change.kind === "node-removed" ? [keyOf(change.path)] : [];
}

const describe = (left: Change | undefined): string =>
  `the source cannot be changed so: ${left?.kind ?? ""} at ${left && "path" in left ? left.path : "the top"} remains`;

const refuse = (message: string): Result<SourceUpdate> => refusal([{ code: "edit", severity: "error", message }]);
