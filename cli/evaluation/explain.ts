import type { Diagnostic } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import type { EvaluationAnswer, EvaluationRequest } from "./protocol.ts";
import { unsettledExitCode } from "./protocol.ts";
import { find, findText, pointAt, topOf } from "./spans.ts";

/** How the thread ended when it gave no value. */
export type Failure =
  | Exclude<EvaluationAnswer, { kind: "value" }>
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "too-long"; readonly seconds: number };

/** What went wrong in a configuration's evaluation, with the place where that is known. */
export function explain(failure: Failure, request: EvaluationRequest): Diagnostic {
  switch (failure.kind) {
    case "syntax":
      return diagnose("XI7002", failure, { primary: pointAt(failure.file, failure.line, failure.column) });
    case "threw":
      return explainThrow(failure);
    case "too-long":
      return diagnose("XI7004", failure, { primary: topOf(request.file) });
    case "exited":
      if (failure.code === unsettledExitCode)
        return diagnose("XI7005", {}, { primary: find(request.file, /\bawait\b.*/) });
      return diagnose("XI7006", failure, { primary: find(request.file, /process\.exit|process\.reallyExit/) });
    case "not-plain":
      return diagnose("XI7007", failure, { primary: { path: failure.path } });
    case "no-default":
      return diagnose("XI7008", {}, { primary: topOf(request.file) });
    case "no-parameters":
      return diagnose(
        "XI7009",
        { name: Object.keys(request.parameters)[0] ?? "" },
        { primary: find(request.file, /export default/) },
      );
    case "not-found":
      return diagnose("XI7010", failure, { primary: findText(failure.importer, failure.specifier) });
  }
}

function explainThrow({ error, frames }: Extract<Failure, { kind: "threw" }>): Diagnostic {
  const [inner, ...outer] = frames.map(({ file, line, column }) => pointAt(file, line, column));
  const labels = outer.slice(0, 3).map((label) => ({ ...label, text: "called from here" }));
  return diagnose("XI7003", { error }, { ...(inner === undefined ? {} : { primary: inner }), labels });
}
