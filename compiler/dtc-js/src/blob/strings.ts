import { Writer } from "./writer.ts";

/**
 * The strings block as dtc fills it: names in order of first use; a name that is the tail of an earlier one gets the
 * lowest offset at which it already stands.
 */
export class StringTable {
  readonly #writer = new Writer(1024);
  readonly #names: string[] = [];
  /** Every tail of every name that was written. */
  readonly #tails = new Map<string, number>();

  offsetOf(name: string): number {
    const known = this.#tails.get(name);
    if (known !== undefined) return known;
    const offset = this.#writer.length;
    this.#writer.name(name);
    this.#names.push(name);
    for (let skip = 0; skip <= name.length; skip++) {
      const tail = name.slice(skip);
      if (!this.#tails.has(tail)) this.#tails.set(tail, offset + skip);
    }
    return offset;
  }

  /** The names that were written, in order. */
  get names(): readonly string[] {
    return this.#names;
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}
