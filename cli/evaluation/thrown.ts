import { shortened } from "../../compiler/index.ts";
import type { EvaluationAnswer, Frame } from "./protocol.ts";
import { framesOf } from "./stack.ts";

/** What a configuration threw, which may be anything: reading it must neither throw nor take long. */
export function describeError(error: unknown, file: string): EvaluationAnswer {
  if (!(error instanceof Error)) return { kind: "threw", error: textOf(error), frames: [] };
  const message = textOf(property(error, "message"));
  // jiti's words for what its parser found: "ParseError: Unexpected token \n /path/board.ts:2:7", columns from 0. A
  // parser that ran out of stack has neither a name for it nor a place.
  const syntax = /^(?:ParseError|undefined): (.*?)\s*\n\s*(.+):(\d+):(\d+)/.exec(message);
  if (syntax !== null) {
    const [, words = "", place = file, line, column] = syntax;
    const problem = words.includes("call stack") ? "it is nested too deeply" : words;
    return { kind: "syntax", problem, file: place, line: Math.max(1, Number(line)), column: Number(column) + 1 };
  }
  // Node's words for an import that leads nowhere.
  const missing = /^Cannot find (?:module|package) '([^']+)'(?:[^]*?Require stack:\n- (.+?)\s*$)?/m.exec(message);
  if (missing !== null && "code" in error)
    return { kind: "not-found", specifier: missing[1] ?? "", importer: missing[2] ?? file };
  const name = textOf(property(error, "name"));
  return { kind: "threw", error: `${name}: ${message}`, frames: frames(error) };
}

function frames(error: Error): readonly Frame[] {
  const stack = property(error, "stack");
  return typeof stack === "string" ? framesOf(stack) : [];
}

function property(error: Error, name: "message" | "name" | "stack"): unknown {
  try {
    return error[name];
  } catch {
    return undefined;
  }
}

/** Longer messages help nobody. */
const longest = 2000;

function textOf(value: unknown): string {
  try {
    const text = String(value);
    return shortened(text, longest);
  } catch {
    return "a value without a text";
  }
}
