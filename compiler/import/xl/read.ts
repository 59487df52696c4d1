import type { SourceFile } from "dtc-js";
import { quoted } from "../../base/printable.ts";
import type { Code, ParamsOf } from "../../diagnostics/catalogue.ts";
import type { Diagnostic, Outcome } from "../../diagnostics/diagnostic.ts";
import { Cursor } from "../cursor.ts";
import { diagnoseAt } from "../source.ts";
import type { Option, Value } from "./value.ts";

/** More than any configuration needs: xl.cfg(5) has some 250 options, and no list inside more than one other. */
const most = { options: 1000, values: 20_000, depth: 8, mistakes: 50 } as const;

/**
 * The options of an xl.cfg in their order (xl.cfg(5), SYNTAX). After a mistake reading goes on at the next line that
 * an option may begin, up to 50 mistakes.
 */
export function readOptions(source: SourceFile): Outcome<readonly Option[]> {
  const reader = new Reader(source);
  while (reader.statement());
  const { options, diagnostics } = reader;
  return diagnostics.length > 0 ? { diagnostics } : { value: options, diagnostics };
}

const blank = /(?:[ \t\r]|#[^\n]*)+/y;
const betweenOptions = /(?:[\s;]|#[^\n]*)+/y;
const betweenItems = /(?:\s|#[^\n]*)+/y;
const word = /[A-Za-z_]\w*/y;
const number = /-?(?:0x[\da-f]+|0[0-7]*|[1-9]\d*)(?![\w.])/iy;
const quotedText = /"([^"\n]*)"|'([^'\n]*)'/y;
/** What a message quotes of what cannot stand there. */
const something = /[\w.$+-]{1,40}|[^]/uy;
const mayBeginOption = /\n(?=[ \t]*[A-Za-z_]\w*[ \t]*=)/g;

/** An option that begins on a line of its own where an item of a list should. */
const nextOption = /(?<=\n[ \t]*)[A-Za-z_]\w*[ \t]*=/y;

const valueExpected = "a value is a text in quotes, a number or a list in [ ]";

class Reader {
  readonly options: Option[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  readonly #cursor: Cursor;
  #values = 0;

  constructor(source: SourceFile) {
    this.#source = source;
    this.#cursor = new Cursor(source.text);
  }

  /** Reads one, and what stands before it; false at the end, and where there is too much of anything. */
  statement(): boolean {
    const cursor = this.#cursor;
    cursor.match(betweenOptions);
    if (cursor.atEnd || this.diagnostics.length >= most.mistakes) return false;
    const start = cursor.at;
    const option = this.#option();
    if (option === false) return this.#recover();
    this.options.push(option);
    if (this.options.length <= most.options) return true;
    return this.#tell("XI2262", { what: `more than ${most.options} options`, most: most.options }, start, cursor.at);
  }

  #option(): Option | false {
    const cursor = this.#cursor;
    const start = cursor.at;
    const [name] = cursor.match(word) ?? [];
    if (name === undefined) return this.#unexpected("a line begins with the name of an option");
    const target = { start, end: cursor.at };
    cursor.match(blank);
    if (!cursor.take("=")) return this.#unexpected("the name of an option is followed by =");
    cursor.match(blank);
    const value = this.#value(0);
    if (value === false) return false;
    cursor.match(blank);
    if (!cursor.atEnd && !/[\n;]/.test(cursor.peek()))
      return this.#unexpected("after a value comes the next line, or a ;");
    return { name, value, target };
  }

  #value(depth: number): Value | false {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (++this.#values > most.values) {
      cursor.at = cursor.text.length;
      return this.#tell("XI2262", { what: `more than ${most.values} values`, most: most.values }, start, start + 1);
    }
    if (cursor.peek() === "[") return this.#list(depth);
    const text = cursor.match(quotedText);
    if (text) return { kind: "text", text: text[1] ?? text[2] ?? "", at: { start, end: cursor.at } };
    if (/['"]/.test(cursor.peek())) return this.#tell("XI2261", { what: "text" }, start, start + 1);
    const [digits] = cursor.match(number) ?? [];
    if (digits !== undefined) return { kind: "number", text: digits, at: { start, end: cursor.at } };
    return this.#unexpected(valueExpected);
  }

  #list(depth: number): Value | false {
    const cursor = this.#cursor;
    const start = cursor.at++;
    if (depth >= most.depth) {
      const what = `lists are nested more than ${most.depth} deep`;
      return this.#tell("XI2262", { what, most: most.depth }, start, start + 1);
    }
    const items: Value[] = [];
    cursor.match(betweenItems);
    while (!cursor.take("]")) {
      if (cursor.atEnd || cursor.match(nextOption)) {
        cursor.at = start;
        return this.#tell("XI2261", { what: "list" }, start, start + 1);
      }
      const value = this.#value(depth + 1);
      if (value === false) return false;
      items.push(value);
      cursor.match(betweenItems);
      const isLast = !cursor.take(",");
      cursor.match(betweenItems);
      if (isLast && /['"[\d]/.test(cursor.peek()))
        return this.#unexpected("the items of a list have a comma between them");
    }
    return { kind: "list", items, at: { start, end: cursor.at } };
  }

  #unexpected(expected: string): false {
    const cursor = this.#cursor;
    const start = cursor.at;
    const found = cursor.match(something)?.[0] ?? "";
    const what = found === "" ? "the end of the file" : found === "\n" ? "the end of the line" : quoted(found);
    this.#tell("XI2260", { what, expected }, start, Math.max(start + 1, cursor.at));
    // A line's end is where reading goes on.
    if (found === "\n") cursor.at = start;
    return false;
  }

  #tell<C extends Code>(code: C, params: ParamsOf<C>, start: number, end: number): false {
    this.diagnostics.push(diagnoseAt(code, params, this.#source, { start, end }));
    return false;
  }

  #recover(): boolean {
    mayBeginOption.lastIndex = this.#cursor.at;
    const found = mayBeginOption.exec(this.#source.text);
    if (found) this.#cursor.at = found.index;
    return found !== null;
  }
}
