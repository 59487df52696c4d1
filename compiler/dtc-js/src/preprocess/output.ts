import { MAX_PREPROCESSED } from "../limits.ts";
import type { Origins } from "../span.ts";
import { lineOf, type Frame } from "./frame.ts";
import { originsOf, type Comment, type Piece } from "./origins.ts";
import type { Spliced } from "./spliced.ts";

/** So many empty lines are shorter to read than a line marker. */
const MAX_EMPTY_LINES = 8;

/** The text that a preprocessor makes, with line markers, and where each part of it came from. */
export class Output {
  readonly #parts: string[] = [];
  readonly #starts: number[] = [];
  readonly #pieces: Piece[] = [];
  readonly #comments: Comment[] = [];
  /** The files of which more than blanks has been written. */
  readonly #heard = new Set<Spliced>();
  #length = 0;
  /** Which file and line a reader of the text takes its current line for. */
  #file: string | undefined;
  #line = 1;
  #atLineStart = true;
  /** The lines that are read are no more those that are written. */
  #behind = true;

  /** Something was left out, or another file begins: the next line needs to be told. */
  leap(): void {
    this.#behind = true;
  }

  get atLineStart(): boolean {
    return this.#atLineStart;
  }

  get tooLong(): boolean {
    return this.#length > MAX_PREPROCESSED;
  }

  /** What stands in the frame's text as it is. */
  copy(frame: Frame, start: number, end: number): void {
    if (start >= end) return;
    const { text } = frame.input;
    if (this.#behind && !this.#atLineStart) {
      const newline = text.indexOf("\n", start);
      if (newline >= 0 && newline < end) {
        this.#write(frame, start, newline + 1);
        this.copy(frame, newline + 1, end);
        return;
      }
    }
    this.#synchronize(frame, start);
    this.#write(frame, start, end);
  }

  /** What a macro's use in `[start, end)` became: one line. */
  expansion(frame: Frame, start: number, end: number, macro: string, text: string): void {
    if (text === "") return;
    this.#synchronize(frame, start);
    this.#note({ frame, start, end, macro });
    this.#heard.add(frame.input);
    this.#append(text);
    this.#atLineStart = false;
  }

  blank(): void {
    if (!this.#atLineStart) this.#append(" ");
  }

  /** Notes a comment that was left out here. */
  comment(frame: Frame, start: number, end: number): void {
    this.#comments.push({ frame, start, end, offset: this.#length });
  }

  /** The character that was written last. */
  get last(): string {
    return this.#parts.at(-1)?.at(-1) ?? "\n";
  }

  finish(): { readonly text: string; readonly origins: Origins } {
    const starts = this.#starts;
    const comments = this.#comments.filter(({ frame }) => this.#heard.has(frame.input));
    const text = this.#parts.join("");
    return { text, origins: originsOf({ text, starts, pieces: this.#pieces, comments }) };
  }

  #synchronize(frame: Frame, start: number): void {
    if (!this.#behind || !this.#atLineStart) return;
    this.#behind = false;
    const line = lineOf(frame, start);
    const missing = line - this.#line;
    if (frame.file === this.#file && missing >= 0 && missing <= MAX_EMPTY_LINES) this.#append("\n".repeat(missing));
    else this.#append(`# ${line} "${frame.file.replace(/["\\]/g, "\\$&")}"\n`);
    this.#file = frame.file;
    this.#line = line;
  }

  #write(frame: Frame, start: number, end: number): void {
    const text = frame.input.text.slice(start, end);
    const previous = this.#pieces.at(-1);
    const begins = previous?.frame === frame && previous.macro === undefined && previous.end === start;
    if (begins && this.#copied === this.#length) this.#pieces[this.#pieces.length - 1] = { ...previous, end };
    else this.#note({ frame, start, end });
    if (!this.#heard.has(frame.input) && /\S/.test(text)) this.#heard.add(frame.input);
    this.#append(text);
    this.#copied = this.#length;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#line++;
    this.#atLineStart = text.endsWith("\n");
  }

  /** The length when text was copied last: what is copied now may follow it. */
  #copied = -1;

  #note(piece: Piece): void {
    this.#starts.push(this.#length);
    this.#pieces.push(piece);
  }

  #append(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }
}
