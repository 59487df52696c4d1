import type { SourceFile } from "dtc-js";
import type { Diagnostic, Outcome } from "../../diagnostics/diagnostic.ts";
import type { Stretch } from "../source.ts";
import { diagnoseAt } from "../source.ts";
import type { Assignment } from "./assignment.ts";
import { keyOf } from "./assignment.ts";
import { Cursor } from "../cursor.ts";
import type { Refusal } from "./word.ts";
import { readWord } from "./word.ts";

/**
 * The assignments of a bash file that holds nothing but assignments, comments and declarations, in order. It is read,
 * never run: what bash would have to run is an error at its place, and reading goes on with the next line.
 */
export function readAssignments(source: SourceFile): Outcome<readonly Assignment[]> {
  const reader = new Reader(source);
  while (reader.statement());
  const { assignments, diagnostics } = reader;
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return failed ? { diagnostics } : { value: assignments, diagnostics };
}

const target = /([A-Za-z_]\w*)(\[[^\]\n]*\])?(\+?=)/y;
const index = /^\[(0|[1-9]\d{0,8})(?:,(0|[1-9]\d{0,8}))?\]$/;
const space = /(?:[ \t\r\n]|\\\r?\n)+/y;
const separator = /[ \t]*;(?!;)/y;
const comment = /#[^\n]*/y;
/** It says of a name that it is an array: nothing that matters here. */
const declaration = /declare(?=\s)(?:[ \t]+-[Aag]+(?=\s))*[ \t]*/y;
const declared = /[A-Za-z_]\w*(?=[\s;]|$)[ \t]*/y;
const anyWord = /[^\s;]+|;/y;

class Reader {
  readonly assignments: Assignment[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  readonly #cursor: Cursor;
  readonly #values = new Map<string, string>();

  constructor(source: SourceFile) {
    this.#source = source;
    this.#cursor = new Cursor(source.text);
  }

  /** Reads one, or what stands between two; false at the end. */
  statement(): boolean {
    const cursor = this.#cursor;
    if (cursor.atEnd) return false;
    if (cursor.match(space) ?? cursor.match(comment)) return true;
    if (cursor.match(declaration)) while (cursor.match(declared));
    else if (!this.#assignment()) this.#command();
    cursor.match(separator);
    return true;
  }

  #assignment(): boolean {
    const cursor = this.#cursor;
    const start = cursor.at;
    const found = cursor.match(target);
    if (!found) return false;
    const [, name = "", brackets, operator] = found;
    const place = { start, end: cursor.at - (operator?.length ?? 0) };
    const at = cursor.at;
    const [, first, second] = index.exec(brackets ?? "") ?? [];
    if (brackets !== undefined && first === undefined) this.#refuse("not-static", `the index ${brackets}`, place);
    const word = readWord(cursor, this.#lookup);
    if ("refusal" in word) {
      this.#refuse(word.refusal.kind, word.refusal.what, word.refusal.at);
      return true;
    }
    const numbers = [first, second].filter((digits) => digits !== undefined).map(Number);
    const key = keyOf(name, numbers);
    const value = operator === "+=" ? (this.#values.get(key) ?? "") + word.text : word.text;
    this.#values.set(key, value);
    this.assignments.push({ name, index: numbers, value, target: place, at: { start: at, end: cursor.at } });
    return true;
  }

  readonly #lookup = (name: string, numbers: readonly number[], at: Stretch): string => {
    const value = this.#values.get(keyOf(name, numbers));
    if (value === undefined) this.diagnostics.push(diagnoseAt("XI2205", { name }, this.#source, at));
    return value ?? "";
  };

  /** Whatever else stands there would run something. */
  #command(): void {
    const { at: start } = this.#cursor;
    const [word = ""] = this.#cursor.match(anyWord) ?? [];
    const sourced = word === "source" || word === ".";
    const what = sourced ? `"${word}", which reads another file,` : `"${shortened(word)}"`;
    this.#refuse(sourced ? "runs" : "not-static", what, { start, end: this.#cursor.at });
  }

  #refuse(kind: Refusal["kind"], what: string, at: Stretch): void {
    const code = kind === "runs" ? "XI2202" : kind === "unterminated" ? "XI2204" : "XI2203";
    this.diagnostics.push(diagnoseAt(code, { what }, this.#source, at));
    this.#cursor.skipLine();
  }
}

const shortened = (word: string): string => (word.length > 40 ? `${word.slice(0, 40)}…` : word);
