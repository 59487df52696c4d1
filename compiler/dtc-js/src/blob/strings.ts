import { Writer } from "./writer.ts";

/** Bytes of names that are looked up as they are. */
const SHORT = 255;

/** Calls `each` with a hash of each tail longer than `SHORT` and where it begins, the shortest first. */
function eachLongTail(name: string, each: (hash: number, skip: number) => void): void {
  let hash = 0;
  for (let skip = name.length - 1; skip >= 0; skip--) {
    hash = (Math.imul(hash, 31) + name.charCodeAt(skip)) | 0;
    if (name.length - skip > SHORT) each(hash, skip);
  }
}

/**
 * The strings block as dtc fills it: names in order of first use; a name that is the tail of an earlier one gets the
 * lowest offset at which it already stands.
 */
export class StringTable {
  readonly #writer = new Writer(1024);
  readonly #names: string[] = [];
  /** Every name that was looked up, and every tail of at most `SHORT` bytes of one that was written. */
  readonly #tails = new Map<string, number>();
  /** The longer ones by their hash: kept as strings, those of one name would take the square of its length. */
  readonly #long = new Map<number, number>();

  offsetOf(name: string): number {
    const known = this.#tails.get(name) ?? (name.length > SHORT ? this.#findLong(name) : undefined);
    if (known !== undefined) return known;
    const offset = this.#writer.length;
    this.#writer.name(name);
    this.#names.push(name);
    eachLongTail(name, (hash, skip) => {
      if (!this.#long.has(hash)) this.#long.set(hash, offset + skip);
    });
    if (name.length > SHORT) this.#tails.set(name, offset);
    for (let skip = Math.max(0, name.length - SHORT); skip <= name.length; skip++) {
      const tail = name.slice(skip);
      if (!this.#tails.has(tail)) this.#tails.set(tail, offset + skip);
    }
    return offset;
  }

  #findLong(name: string): number | undefined {
    let whole = 0;
    eachLongTail(name, (hash) => {
      whole = hash;
    });
    const offset = this.#long.get(whole);
    if (offset === undefined || !this.#writer.holdsName(offset, name)) return undefined;
    this.#tails.set(name, offset);
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
