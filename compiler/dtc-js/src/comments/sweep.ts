import { commentsOf, type Found } from "./find.ts";
import { withoutIndent } from "./form.ts";
import type { SourceFile } from "../span.ts";

/** A statement of a text, and where its comments go. */
export interface Item {
  readonly start: number;
  /** Behind its semicolon. */
  readonly end: number;
  /** Of a node's brace; undefined for other statements. */
  readonly open: number | undefined;
  readonly kept: Kept;
}

export interface Kept {
  readonly leading: string[];
  readonly inner: string[];
  readonly trailing: string[];
}

/**
 * Gives each comment of a source to a statement: to the one before it on its line, to the one that follows with nothing
 * but other comments between, or to the node around it. `whole` takes what stands in no node: `leading` before the
 * first statement, `trailing` behind it.
 */
export function sweep(source: SourceFile, items: readonly Item[], whole: Kept): void {
  const sweeper = new Sweeper(source.text, items, whole);
  for (const comment of commentsOf(source)) sweeper.comment(comment);
  sweeper.finish();
}

const lineMarkers = /^# \d+ "[^\n]*$/gm;

class Sweeper {
  readonly #text: string;
  readonly #items: readonly Item[];
  readonly #whole: Kept;
  #next = 0;
  /** Statements that the place is in, outermost first. */
  readonly #around: Item[] = [];
  /** The statement that ended last, as long as nothing but its comments followed; where those end; its line's blanks. */
  #ended: { readonly item: Item; tail: number; indent: string | undefined } | undefined;
  /** The node that was opened last, where a comment has ended its brace's line. */
  #below: Item | undefined;
  /** Comments that wait for what follows. */
  #waiting: Found[] = [];

  constructor(text: string, items: readonly Item[], whole: Kept) {
    this.#text = text;
    this.#items = items.toSorted((a, b) => a.start - b.start || b.end - a.end);
    this.#whole = whole;
  }

  comment(found: Found): void {
    this.#advance(found.start);
    const around = this.#around.at(-1);
    if (around && around.open === undefined) around.kept.trailing.push(this.#form(found));
    else if (this.#ended && !found.apart && this.#isBlank(this.#ended.tail, found.start)) {
      // A comment before it may have ended on another line; it is printed on the statement's.
      this.#ended.indent ??= found.indent;
      this.#ended.item.kept.trailing.push(withoutIndent(found.text, this.#ended.indent));
      this.#ended.tail = found.end;
    } else if (around?.open !== undefined && this.#below !== around && this.#opens(around.open, found)) {
      around.kept.leading.push(this.#form(found));
      // What follows is on another line, also where the comment was taken out of the text.
      if (found.start >= around.open && found.text.includes("\n")) this.#below = around;
    } else {
      if (!this.#isSpace(this.#waiting.at(-1)?.end, found.start)) this.#give();
      this.#waiting.push(found);
      this.#ended = undefined;
    }
  }

  finish(): void {
    this.#advance(Infinity);
    this.#give();
  }

  /** Goes into and out of statements up to a place. */
  #advance(to: number): void {
    for (;;) {
      const around = this.#around.at(-1);
      const next = this.#items[this.#next];
      if (around && around.end <= to && (!next || around.end <= next.start)) {
        this.#give();
        this.#around.pop();
        this.#ended = { item: around, tail: around.end, indent: undefined };
      } else if (next && next.start < to) {
        if (this.#isSpace(this.#waiting.at(-1)?.end, next.start)) {
          for (const each of this.#waiting) next.kept.leading.push(this.#form(each));
          this.#waiting = [];
        } else this.#give();
        this.#around.push(next);
        this.#next++;
        this.#ended = undefined;
      } else return;
    }
  }

  /** What waits belongs to nothing that follows. */
  #give(): void {
    if (this.#waiting.length === 0) return;
    const around = this.#around.at(-1);
    const place = around ? around.kept.inner : this.#next === 0 ? this.#whole.leading : this.#whole.trailing;
    for (const each of this.#waiting) place.push(this.#form(each));
    this.#waiting = [];
  }

  /** Before a node's brace, or behind it on its line. */
  #opens(open: number, { start: at, apart }: Found): boolean {
    if (at < open) return true;
    if (apart) return false;
    const line = this.#text.indexOf("\n", open);
    return (line < 0 || at <= line) && this.#waiting.length === 0 && this.#ended === undefined;
  }

  /** Line markers of a preprocessor are none of the source. */
  #isSpace(from: number | undefined, to: number): boolean {
    return from === undefined || this.#text.slice(from, to).replaceAll(lineMarkers, "").trim() === "";
  }

  #isBlank(from: number, to: number): boolean {
    const between = this.#text.slice(from, to);
    return between.trim() === "" && !between.includes("\n");
  }

  #form({ text, indent }: Found): string {
    return withoutIndent(text, indent);
  }
}
