import { FREE_NAME, MAX_SHARED_NAMES } from "../limits.ts";
import { BlobFault, Cursor } from "./cursor.ts";
import type { Header } from "./header.ts";

/** Names of properties by their offset in the strings block; each is read once, and what all of them use is bounded. */
export class PropertyNames {
  readonly #blob: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #known = new Map<number, string>();
  /** Bytes that further names may have. */
  #left: number;

  constructor(blob: Uint8Array, { strings: { start, end } }: Header) {
    this.#blob = blob;
    this.#start = start;
    this.#end = end;
    this.#left = end - start + MAX_SHARED_NAMES;
  }

  /** The name of one more property. Faults are those of the place `from`, which names it. */
  at(offset: number, from: number): string {
    this.#left += FREE_NAME;
    const name = this.#known.get(offset) ?? this.#read(offset, from);
    if (name === undefined || name.length > this.#left) {
      const message = `names in the strings block are used too often: with the one at ${offset}, they are too long`;
      throw new BlobFault("overlapping-names", from, message);
    }
    this.#left -= name.length;
    return name;
  }

  #read(offset: number, from: number): string | undefined {
    if (offset >= this.#end - this.#start) {
      throw new BlobFault("out-of-bounds", from, `a property's name at ${offset} lies outside of the strings block`);
    }
    const name = new Cursor(this.#blob, this.#start + offset, this.#end, "strings block").string(this.#left);
    if (name !== undefined) this.#known.set(offset, name);
    return name;
  }
}
