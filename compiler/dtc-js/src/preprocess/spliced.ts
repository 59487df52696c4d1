import type { SourceFile } from "../span.ts";

const splice = /\\[ \t\v\f\r]*\n/g;

/** A source with its continued lines joined; offsets of the joined text lead back to the source. */
export class Spliced {
  readonly source: SourceFile;
  readonly text: string;
  /** Where pieces begin in the joined text, and in the source. */
  readonly #joined: readonly number[];
  readonly #original: readonly number[];

  constructor(source: SourceFile) {
    this.source = source;
    const { text } = source;
    const pieces: string[] = [];
    const joined: number[] = [0];
    const original: number[] = [0];
    let from = 0;
    let length = 0;
    if (text.includes("\\")) {
      for (const match of text.matchAll(splice)) {
        pieces.push(text.slice(from, match.index));
        length += match.index - from;
        from = match.index + match[0].length;
        joined.push(length);
        original.push(from);
      }
    }
    this.text = from === 0 ? text : pieces.join("") + text.slice(from);
    this.#joined = joined;
    this.#original = original;
  }

  /** The offset in the source. */
  original(offset: number): number {
    const piece = lastAtMost(this.#joined, offset);
    return (this.#original[piece] ?? 0) + offset - (this.#joined[piece] ?? 0);
  }
}

/** The index of the last number that is not above `limit`, of numbers that never fall; the first is not above it. */
export function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle;
  }
  return low;
}
