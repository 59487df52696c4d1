import { diagnosticOf } from "../check/diagnose.ts";
import { runChecks } from "../check/run.ts";
import { checks } from "../check/table.ts";
import { keepComments } from "../comments/keep.ts";
import type { Diagnostic, Result } from "../diagnostic.ts";
import { addFixups } from "../resolve/fixups.ts";
import { preprocess } from "../preprocess/preprocess.ts";
import { whereOf } from "../report.ts";
import { answer, refusal } from "../result.ts";
import type { SourceFile } from "../span.ts";
import type { DeviceTree } from "../tree.ts";
import { ParseContext } from "./context.ts";
import { FatalFault } from "./fault.ts";
import { readFile, type SourceTree } from "./file.ts";
import { freeze } from "./freeze.ts";
import type { ParseOptions } from "./options.ts";

/**
 * Reads source text; references are resolved and phandles allocated, as `dtc` does it. Whatever the text is, the
 * answer is a tree or diagnostics; only an include resolver that throws is passed on.
 */
export function parse(source: string | SourceFile, options: ParseOptions = {}): Result<DeviceTree> {
  const read = readSource(source, options);
  if (!read.ok) return read;
  const checked = runChecks(read.value, { checks: sourceChecks, keepGoing: true });
  // A check that could not run because another failed has nothing to say of the source.
  const diagnostics = [...read.diagnostics, ...checked.findings.filter(({ entry }) => entry).map(diagnosticOf)];
  if (checked.refused) return refusal(diagnostics);
  if (!checked.tree.plugin) return answer(checked.tree, diagnostics);
  const noted = addFixups(checked.tree);
  return noted.ok ? answer(noted.value, diagnostics) : refusal([...diagnostics, ...noted.diagnostics]);
}

/** What dtc never lets pass. */
const sourceChecks = checks.filter(({ level }) => level === "error");

/** Reads source text and nothing more: no check has looked at the tree, and its references are not resolved. */
export function readSource(source: string | SourceFile, options: ParseOptions = {}): Result<DeviceTree> {
  const given = typeof source === "string" ? { name: "<source>", text: source } : source;
  const { preprocess: wanted = false } = options;
  if (wanted === false) return readPreprocessed(given, options, []);
  const { include } = options;
  const prepared = preprocess(given, { ...(wanted === true ? {} : wanted), ...(include && { include }) });
  // What follows an error of the preprocessor would mostly be its consequences.
  return prepared.ok ? readPreprocessed(prepared.value, options, prepared.diagnostics) : prepared;
}

function readPreprocessed(file: SourceFile, options: ParseOptions, earlier: readonly Diagnostic[]): Result<DeviceTree> {
  const diagnostics: Diagnostic[] = [...earlier];
  const context = new ParseContext(file, options, diagnostics);
  const draft = readAll(context, diagnostics);
  if (!draft || diagnostics.some(({ severity }) => severity === "error")) return refusal(diagnostics);
  const frozen = freeze(draft.root, draft.reservations, context.notes);
  const tree = options.comments ? keepComments(frozen, file) : frozen;
  return answer(context.plugin ? { ...tree, plugin: true } : tree, diagnostics);
}

function readAll(context: ParseContext, diagnostics: Diagnostic[]): SourceTree | undefined {
  try {
    return readFile(context);
  } catch (fault) {
    if (!(fault instanceof FatalFault)) throw fault;
    // No limit on this one: it is the last.
    diagnostics.push({ code: fault.code, severity: "error", message: fault.message, ...whereOf(fault.span) });
    return undefined;
  }
}
