import { decode } from "../src/blob/decode.ts";
import { encode } from "../src/blob/encode.ts";
import { diagnosticOf } from "../src/check/diagnose.ts";
import { runChecks } from "../src/check/run.ts";
import { checks } from "../src/check/table.ts";
import type { Diagnostic } from "../src/diagnostic.ts";
import { readSource } from "../src/parse/parse.ts";
import { print } from "../src/print/print.ts";
import { addFixups } from "../src/resolve/fixups.ts";
import { answer } from "../src/result.ts";
import { asOverlay, referencesFromFixups } from "../src/resolve/fixup-references.ts";
import { labelsFromSymbols } from "../src/resolve/symbol-labels.ts";
import type { DeviceTree } from "../src/tree.ts";

/** What the page takes: bytes of a blob, characters of a source. More would keep the browser from answering. */
export const MAX_INPUT = 2 ** 21;
/** Findings of the checks that are listed. */
const MAX_FINDINGS = 2000;
/** Characters of decompiled source that are shown. */
const MAX_SHOWN = 2 ** 21;

/** What is wrong, and where: a stretch of the source, or an offset into the blob. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly place?: { readonly line: number; readonly column: number; readonly start: number; readonly end: number };
  readonly blobOffset?: number;
}

/** Everything that the views show. What could not be made is absent. */
export interface Outcome {
  readonly problems: readonly Problem[];
  readonly tree?: DeviceTree;
  readonly blob?: Uint8Array;
  /** The blob as source again. */
  readonly reverse?: string;
}

const refused = (code: string, message: string): Outcome => ({ problems: [{ severity: "error", code, message }] });

/** Says that an input is too large; undefined where it is not. */
export function tooLarge(size: number): string | undefined {
  if (size <= MAX_INPUT) return undefined;
  return `${size} bytes are too much for this page, which takes ${MAX_INPUT}: the command dtc of dtc-js has no such limit`;
}

/** A source: parsed, checked by all of dtc's checks, encoded, and decoded again. */
export function compileSource(text: string): Outcome {
  const large = tooLarge(text.length);
  if (large !== undefined) return refused("too-large", large);
  const read = readSource({ name: "source", text }, { overflow: "truncate" });
  const problems = read.diagnostics.slice(0, MAX_FINDINGS).map(problemOf);
  if (!read.value) return { problems };
  const checked = runChecks(read.value, { checks, most: MAX_FINDINGS });
  problems.push(...checked.findings.map((finding) => problemOf(diagnosticOf(finding))));
  if (checked.refused) return { problems, tree: checked.tree };
  const noted = read.value.plugin ? addFixups(checked.tree) : answer<DeviceTree, Diagnostic>(checked.tree);
  problems.push(...noted.diagnostics.slice(0, MAX_FINDINGS).map(problemOf));
  if (!noted.ok) return { problems, tree: checked.tree };
  const tree = noted.value;
  return shown({ problems, tree }, () => {
    const blob = encode(tree, { unresolved: "keep" });
    return { blob, reverse: decompile(blob) };
  });
}

/** A blob: decoded, checked, and printed as source. A malformed one is shown as far as its bytes go. */
export function readBlob(blob: Uint8Array): Outcome {
  const large = tooLarge(blob.length);
  if (large !== undefined) return refused("too-large", large);
  const decoded = decode(blob);
  if (!decoded.ok) {
    const { code, message, offset } = decoded.diagnostics[0];
    return { problems: [{ severity: "error", code, message, blobOffset: offset }], blob };
  }
  const problems = runChecks(decoded.value, { checks, keepGoing: true, most: MAX_FINDINGS }).findings.map((finding) =>
    problemOf(diagnosticOf(finding)),
  );
  return shown({ problems, blob, tree: asDtcShows(decoded.value) }, () => ({ reverse: decompile(blob) }));
}

/** Adds what may turn out to be too large to be made: deep trees print as megabytes of tabs. */
function shown(outcome: Outcome, make: () => Partial<Outcome>): Outcome {
  try {
    return { ...outcome, ...make() };
  } catch (fault) {
    if (!(fault instanceof Error)) throw fault;
    const problem = { severity: "error", code: "too-large", message: fault.message } as const;
    return { ...outcome, problems: [...outcome.problems, problem] };
  }
}

/** With the labels and references that are noted in the tree. */
const asDtcShows = (tree: DeviceTree): DeviceTree => referencesFromFixups(labelsFromSymbols(asOverlay(tree)));

/** As `dtc -I dtb -O dts` prints it. */
function decompile(blob: Uint8Array): string {
  const decoded = decode(blob);
  if (!decoded.ok) return "";
  const text = print(asDtcShows(decoded.value), { references: "phandles" });
  if (text.length <= MAX_SHOWN) return text;
  return `${text.slice(0, MAX_SHOWN)}\n/* ${text.length - MAX_SHOWN} more characters are not shown */\n`;
}

function problemOf({ severity, code, message, span }: Diagnostic): Problem {
  if (!span) return { severity, code, message };
  const { start, end } = span;
  return {
    severity,
    code,
    message,
    place: { line: start.line, column: start.column, start: start.offset, end: end.offset },
  };
}
