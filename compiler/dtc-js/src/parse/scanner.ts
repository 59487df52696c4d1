import { fileOf, readLineMarker } from "../line-marker.ts";
import { noteLineMarker, type SourceFile, type Span } from "../span.ts";
import { Char, END, isSpace } from "./chars.ts";
import type { Complain } from "./fault.ts";
import { IncludeStack, type IncludeResolver } from "./include.ts";

/** `/include/ "file"`, and `#include "file"` or `<file>` at the start of a line. The name has no escapes. */
const slashInclude = /\/include\/\s*"([^"\\\n]+)"/y;
const hashInclude = /#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/y;

/** A place to start a span at. */
export interface Mark {
  readonly source: SourceFile;
  readonly offset: number;
}

/** Walks through the text and the files that it includes. All reading of characters is in here. */
export class Scanner {
  source: SourceFile;
  text: string;
  offset = 0;
  #endSource: SourceFile;
  #endOffset = 0;
  readonly #includes: IncludeStack;
  readonly #complain: Complain;

  /** `complain` takes mistakes between tokens; reading goes on behind them. */
  constructor(source: SourceFile, resolver: IncludeResolver | undefined, complain: Complain) {
    this.source = source;
    this.text = source.text;
    this.#endSource = source;
    this.#includes = new IncludeStack(resolver, complain);
    this.#complain = complain;
  }

  /** The code of the next character that is neither space nor comment, or END. */
  peek(): number {
    for (;;) {
      const code = this.#skipSpace();
      if (code === Char.slash && this.#skipCommentOrInclude()) continue;
      if (code === Char.hash && this.#skipLine()) continue;
      if (code !== END) return code;
      const frame = this.#includes.leave();
      if (!frame) return END;
      this.#open(frame.source, frame.resume);
    }
  }

  /** Takes the next character if it is this one. */
  eat(code: number): boolean {
    if (this.peek() !== code) return false;
    this.advance(1);
    return true;
  }

  /** Takes what a sticky expression matches at the next token. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    this.peek();
    pattern.lastIndex = this.offset;
    const match = pattern.exec(this.text) ?? undefined;
    if (match) this.advance(match[0].length);
    return match;
  }

  advance(count: number): void {
    this.offset += count;
    this.#endSource = this.source;
    this.#endOffset = this.offset;
  }

  /** Where the last token ended: the place of a missing semicolon. */
  get lastEnd(): Mark {
    return { source: this.#endSource, offset: this.#endOffset };
  }

  /** The code at an offset from here, without skipping anything. */
  at(ahead: number): number {
    const code = this.text.charCodeAt(this.offset + ahead);
    return Number.isNaN(code) ? END : code;
  }

  mark(): Mark {
    this.peek();
    return { source: this.source, offset: this.offset };
  }

  /** From a mark to the end of the last token; within one file. */
  spanFrom({ source, offset }: Mark): Span {
    const end = this.#endSource === source ? this.#endOffset : offset;
    return { source, start: offset, end: Math.max(offset, end) };
  }

  /** The next character, for "expected …, got this". */
  spanHere(length = 1): Span {
    const end = Math.min(this.offset + length, this.text.length);
    return { source: this.source, start: this.offset, end: Math.max(end, this.offset) };
  }

  #open(source: SourceFile, offset: number): void {
    this.source = source;
    this.text = source.text;
    this.offset = offset;
  }

  #skipSpace(): number {
    const { text } = this;
    let at = this.offset;
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    this.offset = at;
    return at < text.length ? text.charCodeAt(at) : END;
  }

  #skipCommentOrInclude(): boolean {
    const next = this.at(1);
    if (next === Char.slash) {
      const end = this.text.indexOf("\n", this.offset);
      this.offset = end < 0 ? this.text.length : end;
      return true;
    }
    if (next === Char.star) {
      const end = this.text.indexOf("*/", this.offset + 2);
      const span = this.spanHere(2);
      this.offset = end < 0 ? this.text.length : end + 2;
      if (end < 0) this.#complain("syntax", "this comment has no end", span);
      return true;
    }
    return next === 0x69 && this.#include(slashInclude);
  }

  /** What begins with `#` and takes a whole line; elsewhere `#` belongs to a name. */
  #skipLine(): boolean {
    if (!this.#beginsLine()) return false;
    const marker = readLineMarker(this.text, this.offset);
    if (!marker) return this.#include(hashInclude);
    const { line, written, end } = marker;
    if (/\\0|\0/.test(written)) {
      this.#complain("syntax", "nul in line number directive", this.spanHere(end - this.offset));
    }
    this.offset = end;
    noteLineMarker(this.source, { offset: end, line, file: fileOf(marker) });
    return true;
  }

  /** Looks back no further than over white space: what stands before it on a long line does not matter. */
  #beginsLine(): boolean {
    let at = this.offset - 1;
    while (at >= 0 && this.text.charCodeAt(at) !== Char.newline && isSpace(this.text.charCodeAt(at))) at--;
    return at < 0 || this.text.charCodeAt(at) === Char.newline;
  }

  #include(pattern: RegExp): boolean {
    pattern.lastIndex = this.offset;
    const match = pattern.exec(this.text);
    const path = match?.[1] ?? match?.[2];
    if (!match || path === undefined) return false;
    const span = this.spanHere(match[0].length);
    this.offset += match[0].length;
    const source = this.#includes.enter(path, span);
    if (source) this.#open(source, 0);
    return true;
  }
}
