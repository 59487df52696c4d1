import { MAX_PREPROCESSED } from "../limits.ts";
import { Conditionals } from "./conditionals.ts";
import { directives } from "./directives.ts";
import { ExpansionError, type Following } from "./expand.ts";
import { placeIn, type Frame } from "./frame.ts";
import { fileOf, readLineMarker, type LineMarker } from "../line-marker.ts";
import * as lexer from "./lexer.ts";
import type { Macro } from "./macro.ts";
import type { Line, Reading } from "./reading.ts";
import type { Place, Run } from "./run.ts";
import { Kind, type Token } from "./token.ts";
import { joins, textOf } from "./write.ts";

const endOfMarker = /[ \t\r]*(?:\n|$)/y;

/** What a line that is skipped may not be skipped over: its end, a string, a comment. */
const remarkable = /["'\n]|\/[/*]/g;

/** Goes through one file from beginning to end. Offsets are those of its joined text. */
export class Reader implements Reading {
  readonly run: Run;
  frame: Frame;
  readonly conditionals: Conditionals;
  readonly #text: string;
  /** From here on nothing has been written yet. */
  #from = 0;
  /** The last token of the last macro's use, and where that use ends. */
  #tail: Token | undefined;
  #tailEnd = -1;
  /** In the arguments of a macro: where the next token of the file is. */
  #ahead = 0;
  /** Whether a macro's arguments are being read, where no file can be included. */
  #inArguments = false;
  /** Comments between the name of the macro that is expanded and the end of its arguments. */
  #passed: { readonly start: number; readonly end: number }[] = [];

  constructor(run: Run, frame: Frame) {
    this.run = run;
    this.frame = frame;
    this.#text = frame.input.text;
    this.conditionals = new Conditionals(this);
  }

  read(): void {
    const { output } = this.run;
    output.leap();
    for (let at = 0; at < this.#text.length;) {
      const directive = this.#directiveAt(at);
      if (directive) at = this.#obey(directive);
      else at = this.conditionals.skipping ? this.#skipLine(at) : this.#copyLines(at);
      output.leap();
    }
    this.conditionals.finish();
  }

  place(start: number, end: number): Place {
    return { frame: this.frame, start, end };
  }

  include(frame: Frame): void {
    new Reader(this.run, frame).read();
  }

  /** The directive on the line that begins at `at`. What is none is text: `#address-cells`. */
  #directiveAt(at: number): Line | undefined {
    const start = this.#skipBlank(at);
    if (this.#text.charCodeAt(start) !== 0x23) return undefined;
    const name = this.#skipBlank(start + 1);
    if (lexer.beginsName(this.#text, name)) {
      const end = lexer.endOfName(this.#text, name);
      const word = this.#text.slice(name, end);
      return directives.has(word) ? { name: word, start, rest: end } : undefined;
    }
    if (name >= this.#text.length || this.#text.charCodeAt(name) === 0x0a) return { name: "", start, rest: name };
    return this.#markerAt(start) ? { name: "marker", start, rest: name } : undefined;
  }

  /** A line marker with nothing behind it; `next` begins the next line. */
  #markerAt(start: number): { readonly marker: LineMarker; readonly next: number } | undefined {
    const marker = readLineMarker(this.#text, start);
    if (!marker) return undefined;
    endOfMarker.lastIndex = marker.end;
    return endOfMarker.test(this.#text) ? { marker, next: endOfMarker.lastIndex } : undefined;
  }

  /** Behind blanks and comments that end; a line comment reaches to the end of its line. */
  #skipBlank(from: number): number {
    let at = from;
    for (;;) {
      while (lexer.isBlank(this.#text, at)) at++;
      if (!lexer.beginsComment(this.#text, at)) return at;
      const end = lexer.endOfComment(this.#text, at);
      if (end < 0) return at;
      at = end;
    }
  }

  /** Does what a directive says, and answers with the beginning of the next line. */
  #obey(line: Line): number {
    const { run } = this;
    run.here = { frame: this.frame, at: line.start };
    if (line.name === "marker") return this.#obeyMarker(line);
    const obey = directives.get(line.name);
    if (!obey || (this.conditionals.skipping && !obey.conditional)) return this.#skipLine(line.start);
    if (this.#inArguments && obey.includes) {
      run.stop("directive", "no file can be included in the arguments of a macro", this.place(line.start, line.rest));
    }
    return obey.run(this, line);
  }

  #obeyMarker({ start }: Line): number {
    const found = this.#markerAt(start);
    if (!found) return this.#skipLine(start);
    const { marker, next } = found;
    if (!this.conditionals.skipping) this.renumber(next, marker.line, fileOf(marker));
    return next;
  }

  /** `#line`: the line at `at` gets a number, and the file perhaps a name. */
  renumber(at: number, line: number, file: string): void {
    const { shift } = this.frame;
    const now = placeIn(this.frame, at, at).start.line - shift;
    this.frame = { ...this.frame, file, shift: line - now };
  }

  /** The tokens up to the end of the line; `end` is behind the newline. */
  tokens(from: number): { readonly tokens: readonly Token[]; readonly end: number } {
    const tokens: Token[] = [];
    for (let at = from, space = false; ;) {
      const start = this.#skipBlank(at);
      space ||= start > at;
      at = start;
      if (at >= this.#text.length || this.#text.charCodeAt(at) === 0x0a) return { tokens, end: at + 1 };
      if (lexer.beginsComment(this.#text, at)) this.#openComment(at);
      const token = lexer.tokenAt(this.#text, at, space);
      tokens.push(token);
      at += token.text.length;
      space = false;
    }
  }

  #openComment(at: number): never {
    return this.run.stop("syntax", "this comment has no end", this.place(at, at + 2));
  }

  /** Behind the line, of which only strings and comments matter. */
  #skipLine(from: number): number {
    const text = this.#text;
    for (let at = from; at < text.length;) {
      remarkable.lastIndex = at;
      if (!remarkable.test(text)) return text.length;
      at = remarkable.lastIndex;
      const code = text.charCodeAt(at - 1);
      if (code === 0x0a) return at;
      const comment = code === 0x2f || code === 0x2a;
      at = comment ? lexer.endOfComment(text, at - 2) : lexer.endOfQuoted(text, at - 1);
      if (at < 0) return text.length;
    }
    return text.length;
  }

  #flush(to: number): void {
    this.run.output.copy(this.frame, this.#from, to);
    if (this.run.output.tooLong) {
      this.run.stop(
        "unsupported",
        `the preprocessed text has more than ${MAX_PREPROCESSED} characters`,
        this.place(to, to),
      );
    }
    this.#from = to;
  }

  /** Lines without directives, from `start` on. Answers with the beginning of a line that has one. */
  #copyLines(start: number): number {
    const text = this.#text;
    const { run } = this;
    let at = start;
    let lastToken = -1;
    let lastEnd = -1;
    this.#from = start;
    this.#tailEnd = -1;
    while (at < text.length) {
      if (text.charCodeAt(at) === 0x0a) {
        if (this.#directiveAt(++at)) break;
        continue;
      }
      if (lexer.isBlank(text, at)) {
        at++;
        continue;
      }
      if (lexer.beginsComment(text, at)) {
        at = this.#dropComment(at);
        continue;
      }
      const end = this.#endOfToken(at);
      const isMacro = lexer.beginsName(text, at) && run.mayBeMacro(text.charCodeAt(at), end - at);
      const after = isMacro ? this.#useMacro(at, end, lastEnd === at ? lastToken : -1) : -1;
      if (after < 0) {
        if (this.#tailEnd === at) this.#keepApart(at);
        lastToken = at;
        lastEnd = end;
        at = end;
      } else at = after;
    }
    this.#flush(at);
    return at;
  }

  #endOfToken(at: number): number {
    if (lexer.beginsName(this.#text, at)) return lexer.endOfName(this.#text, at);
    if (lexer.beginsNumber(this.#text, at)) return lexer.endOfNumber(this.#text, at);
    if (lexer.beginsQuoted(this.#text, at)) return lexer.endOfQuoted(this.#text, at);
    return lexer.endOfOther(this.#text, at);
  }

  /** Notes the comments of a stretch that has nothing else but blanks. */
  #pass(from: number, to: number): void {
    for (let at = from; at < to;) {
      if (lexer.beginsComment(this.#text, at)) {
        const end = lexer.endOfComment(this.#text, at);
        this.#passed.push({ start: at, end });
        at = end;
      } else at++;
    }
  }

  /** A comment is a blank. */
  #dropComment(at: number): number {
    const end = lexer.endOfComment(this.#text, at);
    if (end < 0) this.#openComment(at);
    this.#flush(at);
    this.run.output.blank();
    this.run.output.comment(this.frame, at, end);
    if (this.#text.slice(at, end).includes("\n")) this.run.output.leap();
    this.#from = end;
    return end;
  }

  /** What follows a macro's use directly. */
  #keepApart(at: number): void {
    const token = lexer.tokenAt(this.#text, at, false);
    if (this.#tail && joins(this.#tail, token)) this.run.output.blank();
  }

  /** Writes what the name at `at` stands for, and answers with the offset behind its use; -1 where it is no macro. */
  #useMacro(at: number, end: number, before: number): number {
    const { run } = this;
    run.here = { frame: this.frame, at };
    const macro = run.find(this.#text.slice(at, end));
    if (!macro) return -1;
    const name: Token = { kind: Kind.name, text: macro.name, space: false, at };
    this.#ahead = end;
    this.#passed = [];
    const tokens = this.#expand(macro, name);
    if (!tokens) return -1;
    const previous =
      before >= 0 ? lexer.tokenAt(this.#text, before, false) : this.#tailEnd === at ? this.#tail : undefined;
    this.#flush(at);
    run.output.expansion(this.frame, at, this.#ahead, macro.name, textOf(tokens, previous));
    for (const each of this.#passed) run.output.comment(this.frame, each.start, each.end);
    if (this.#text.slice(end, this.#ahead).includes("\n")) run.output.leap();
    this.#from = this.#ahead;
    this.#tail = tokens.findLast(({ kind }) => kind !== Kind.edge) ?? previous;
    this.#tailEnd = this.#ahead;
    return this.#ahead;
  }

  #expand(macro: Macro, name: Token): readonly Token[] | undefined {
    try {
      return this.run.expander.use(macro, name, this.#following);
    } catch (fault) {
      if (!(fault instanceof ExpansionError)) throw fault;
      this.complain(fault, this.place(name.at, name.at + name.text.length));
      return [];
    } finally {
      this.#inArguments = false;
    }
  }

  /** Reports why a macro could not be expanded. */
  complain({ kind, message, macro, fatal }: ExpansionError, place: Place): void {
    const related = macro?.place && placeIn(macro.place.frame, macro.place.start, macro.place.end);
    this.run[fatal ? "stop" : "report"](kind, message, place, related && { related });
  }

  readonly #following: Following = {
    opens: () => {
      let at = this.#ahead;
      for (;;) {
        at = this.#skipBlank(at);
        if (this.#text.charCodeAt(at) !== 0x0a) break;
        if (this.#directiveAt(++at)) return false;
      }
      if (this.#text.charCodeAt(at) !== 0x28) return false;
      this.#pass(this.#ahead, at);
      this.#ahead = at;
      return true;
    },
    take: () => this.#take(),
  };

  /** The next token of an argument. Directives between them are obeyed. */
  #take(): Token | undefined {
    this.#inArguments = true;
    for (let space = false; ;) {
      const at = this.#skipBlank(this.#ahead);
      space ||= at > this.#ahead;
      this.#pass(this.#ahead, at);
      this.#ahead = at;
      if (at >= this.#text.length) return undefined;
      if (this.#text.charCodeAt(at) === 0x0a) {
        space = true;
        this.#ahead = this.#behindDirectives(at + 1);
        continue;
      }
      if (lexer.beginsComment(this.#text, at)) this.#openComment(at);
      this.run.here = { frame: this.frame, at };
      const token = lexer.tokenAt(this.#text, at, space);
      this.#ahead += token.text.length;
      return token;
    }
  }

  #behindDirectives(from: number): number {
    let at = from;
    while (at < this.#text.length) {
      const directive = this.#directiveAt(at);
      if (directive) at = this.#obey(directive);
      else if (this.conditionals.skipping) at = this.#skipLine(at);
      else break;
    }
    return at;
  }
}
