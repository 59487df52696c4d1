import * as boards from "../../boards/index.ts";
import type { Diagnostic, Label } from "../../compiler/index.ts";
import { diagnose, nearest } from "../../compiler/index.ts";
import { readTextNow } from "../adapters/files.ts";
import type { Ending, EvaluationRequest } from "./protocol.ts";
import { find, findText, pointAt, topOf } from "./spans.ts";

/** How the evaluation ended when it gave no value. */
type Failure = Exclude<Ending, { kind: "value" }>;

/** What went wrong in a configuration's evaluation, with the place where that is known. */
export function explain(failure: Failure, request: EvaluationRequest): Diagnostic {
  switch (failure.kind) {
    case "syntax":
      return diagnose("XI7002", failure, { primary: pointAt(failure.file, failure.line, failure.column) });
    case "threw":
      return explainThrow(failure, request.file);
    case "too-long":
      return diagnose("XI7004", failure, { primary: topOf(request.file) });
    case "unsettled":
      return diagnose("XI7005", {}, { primary: find(request.file, /\bawait\b.*/) });
    case "ended":
      return diagnose("XI7006", failure, { primary: find(request.file, /process\.(?:exit|reallyExit|abort|kill)/) });
    case "not-plain":
      return diagnose("XI7007", failure, { primary: { path: failure.path } });
    case "no-export":
      return explainExport(failure.known, request);
    case "no-such-parameter":
      return diagnose(
        "XI1024",
        { ...failure, nearest: nearest(failure.name, failure.known) },
        { primary: find(request.file, /\bdefineSystem(?=\()/) },
      );
    case "bad-parameter":
      return diagnose("XI1025", failure, { primary: find(request.file, /\bdefineSystem(?=\()/) });
    case "bad-default":
      return diagnose("XI1040", failure, { primary: find(request.file, /\bdefineSystem(?=\()/) });
    case "no-parameters":
      return diagnose(
        "XI7009",
        { name: Object.keys(request.parameters)[0] ?? "" },
        { primary: find(request.file, /export default/) },
      );
    case "not-found":
      return diagnose("XI7010", failure, { primary: findText(failure.importer, failure.specifier) });
    case "unreadable":
      return diagnose(
        "XI7001",
        { file: failure.specifier, reason: failure.reason },
        { primary: findText(failure.importer, failure.specifier) },
      );
  }
}

function explainExport(known: readonly string[], { file, variant }: EvaluationRequest): Diagnostic {
  const places = { primary: topOf(file) };
  if (variant === undefined) return diagnose("XI7008", { known }, places);
  return diagnose("XI1023", { variant, known, nearest: nearest(variant, known) }, places);
}

function explainThrow({ error, frames }: Extract<Failure, { kind: "threw" }>, file: string): Diagnostic {
  const [inner, ...outer] = frames.map(({ file, line, column }) => pointAt(file, line, column));
  const board = error.startsWith("TypeError: ") ? unknownBoard(inner) : undefined;
  if (board !== undefined) {
    const known = Object.keys(boards);
    return diagnose("XI1041", { board, known, nearest: nearest(board, known) }, { primary: inner ?? topOf(file) });
  }
  const labels = outer.slice(0, 3).map((label) => ({ ...label, text: "called from here" }));
  // What is no error has no stack: the first throw is the best guess.
  return diagnose("XI7003", { error }, { primary: inner ?? find(file, /\bthrow\b.*|\bexport default\b.*/), labels });
}

/** An import of what is not there is undefined, and known only where it is called. */
function unknownBoard(place: Label | undefined): string | undefined {
  if (place?.span === undefined) return undefined;
  const { file, start, end } = place.span;
  const text = readTextNow(file) ?? "";
  const called = text.slice(start.offset, end.offset);
  for (const [, names = ""] of text.matchAll(/\bimport\s*\{([^}]*)\}\s*from\s*["']xenimg\/boards["']/g))
    if (names.split(",").some((name) => name.trim() === called) && !Object.hasOwn(boards, called)) return called;
  return undefined;
}
