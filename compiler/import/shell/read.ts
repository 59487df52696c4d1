import type { SourceFile } from "dtc-js";
import { shortened } from "../../base/printable.ts";
import type { Diagnostic, Outcome } from "../../diagnostics/diagnostic.ts";
import type { Stretch } from "../source.ts";
import { diagnoseAt } from "../source.ts";
import type { Assignment } from "./assignment.ts";
import { keyOf } from "./assignment.ts";
import { Cursor } from "../cursor.ts";
import type { Lookup, Refusal } from "./word.ts";
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
const space = /(?:[ \t\n]|\\?\r?\n)+/y;
const separator = /[ \t]*;(?!;)/y;
const comment = /#[^\n]*/y;
/** It says of a name that it is an array, and with -A one whose indices are texts. */
const declaration = /declare(?=[ \t]|\\?\r?\n|$)((?:[ \t]+-[Aag]+(?=[ \t]|\\?\r?\n|$))*)/y;
const gap = /(?:[ \t]|\\\r?\n)+/y;
const declared = /([A-Za-z_]\w*)(?=[ \t;]|\\?\r?\n|$)/y;
const anyWord = /[^\s;]+|;/y;

/** Variables that bash changes by itself, or lets nobody set (bash(1), Shell Variables). */
const bashs =
  /^(?:_|BASH\w*|COMP_\w+|DIRSTACK|EPOCH\w+|EUID|FUNCNAME|GROUPS|HISTCMD|LINENO|OPTARG|OPTIND|PIPESTATUS|PPID|S?RANDOM|SECONDS|SHELLOPTS|UID)$/;
/** Variables that bash or the environment of any build sets, so that they are not empty without an assignment. */
const preset =
  /^(?:HOME|HOST(?:NAME|TYPE)|IFS|LANG|LOGNAME|MACHTYPE|OLDPWD|OPTERR|OSTYPE|PATH|PS4|PWD|SHELL|SHLVL|TERM|USER)$/;

/** As many characters as variables may put in their places in one file: as many as the longest file has. */
const mostExpanded = 2 ** 24;

class Reader {
  readonly assignments: Assignment[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  readonly #cursor: Cursor;
  readonly #values = new Map<string, string>();
  /** Names of arrays whose indices are texts. */
  readonly #texts = new Set<string>();
  #expanded = 0;
  /** Whether an assignment stands before, in the same command: it would hold for a `declare` that follows alone. */
  #assigned = false;

  constructor(source: SourceFile) {
    this.#source = source;
    this.#cursor = new Cursor(source.text);
  }

  /** Reads one, or what stands between two; false at the end. */
  statement(): boolean {
    const cursor = this.#cursor;
    if (cursor.atEnd) return false;
    const between = cursor.match(space) ?? cursor.match(comment);
    if (between) {
      if (between[0].replaceAll(/\\\r?\n/g, "").includes("\n")) this.#assigned = false;
      return true;
    }
    const found = this.#assigned ? undefined : cursor.match(declaration);
    if (found) this.#declare(found[1]?.includes("A") === true);
    else if (!this.#assignment()) this.#command();
    this.#assigned = cursor.match(separator) === undefined;
    return true;
  }

  /** bash makes all words of it before it assigns the first. */
  #declare(texts: boolean): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    const pending: (() => void)[] = [];
    let names = 0;
    for (;;) {
      if (!cursor.match(gap)) break;
      const [, name] = cursor.match(declared) ?? [];
      if (name !== undefined && texts) this.#texts.add(name);
      if (name === undefined && !this.#assignment({ pending, texts })) break;
      names++;
    }
    for (const assign of pending) assign();
    if (names === 0 && (cursor.atEnd || "\r\n;#".includes(cursor.peek())))
      this.#refuse("not-static", "declare without a name", { start, end: cursor.at });
  }

  #assignment(declaring?: { readonly pending: (() => void)[]; readonly texts: boolean }): boolean {
    const cursor = this.#cursor;
    const start = cursor.at;
    const found = cursor.match(target);
    if (!found) return false;
    const [, name = "", brackets, operator] = found;
    const place = { start, end: cursor.at - (operator?.length ?? 0) };
    const at = cursor.at;
    const [, first, second] = index.exec(brackets ?? "") ?? [];
    if (bashs.test(name)) this.#refuse("not-static", `${name}, which bash keeps by itself,`, place);
    if (brackets !== undefined && first === undefined) this.#refuse("not-static", `the index ${brackets}`, place);
    const word = readWord(cursor, { lookup: this.#lookup, braces: declaring ? "refused" : "literal" });
    if ("refusal" in word) {
      this.#refuse(word.refusal.kind, word.refusal.what, word.refusal.at);
      return true;
    }
    const numbers = [first, second].filter((digits) => digits !== undefined).map(Number);
    const stretch = { start: at, end: cursor.at };
    const assign = (): void => {
      if (declaring?.texts) this.#texts.add(name);
      this.#tellPair(name, numbers, place);
      const key = keyOf(name, numbers);
      const value = operator === "+=" ? (this.#values.get(key) ?? "") + word.text : word.text;
      this.#values.set(key, value);
      this.assignments.push({ name, index: numbers, value, target: place, at: stretch });
    };
    if (declaring) declaring.pending.push(assign);
    else assign();
    return true;
  }

  readonly #lookup: Lookup = (name, numbers, at) => {
    const value = this.#values.get(keyOf(name, numbers));
    if (bashs.test(name) || (value === undefined && preset.test(name)))
      return { refusal: { kind: "not-static", what: `"$${name}", which bash sets by itself,`, at } };
    if (value === undefined) this.diagnostics.push(diagnoseAt("XI2205", { name }, this.#source, at));
    this.#tellPair(name, numbers, at);
    this.#expanded += value?.length ?? 0;
    if (this.#expanded > mostExpanded) return { refusal: { kind: "too-long", what: name, at } };
    return { text: value ?? "" };
  };

  /** Two numbers are the index of an array that is declared so; ImageBuilder may have done that itself. */
  #tellPair(name: string, numbers: readonly number[], at: Stretch): void {
    if (numbers.length < 2 || this.#texts.has(name)) return;
    this.#texts.add(name);
    this.diagnostics.push(
      diagnoseAt("XI2231", { name, index: numbers.join(","), last: numbers.at(-1) ?? 0 }, this.#source, at),
    );
  }

  /** Whatever else stands there would run something. */
  #command(): void {
    const { at: start } = this.#cursor;
    const [word = ""] = this.#cursor.match(anyWord) ?? [];
    const sourced = word === "source" || word === ".";
    const what = sourced ? `"${word}", which reads another file,` : `"${shortened(word, 40)}"`;
    this.#refuse(sourced ? "runs" : "not-static", what, { start, end: this.#cursor.at });
  }

  #refuse(kind: Refusal["kind"], what: string, at: Stretch): void {
    if (kind === "too-long") {
      this.diagnostics.push(diagnoseAt("XI2230", { name: what, most: mostExpanded }, this.#source, at));
      // Whatever follows would be too long as well.
      this.#cursor.at = this.#source.text.length;
      return;
    }
    this.diagnostics.push(diagnoseAt(codes[kind], { what }, this.#source, at));
    this.#cursor.skipLine();
  }
}

const codes = { runs: "XI2202", unterminated: "XI2204", "not-static": "XI2203" } as const;
