import { shortened } from "../../base/printable.ts";
import type { Configuration, TextItem } from "./configuration.ts";

/** "key=value, flag, …" in an item of a list: `disk`, `vif`, `p9` and others. */
export class Specification {
  readonly item: TextItem;
  readonly #config: Configuration;
  readonly #rest: Map<string, string>;

  constructor(config: Configuration, item: TextItem, parts: ReadonlyMap<string, string> = partsOf(item.value.text)) {
    this.item = item;
    this.#config = config;
    this.#rest = new Map(parts);
  }

  /** The value of a key, which then counts as read; an empty one is none. */
  take(key: string): string | undefined {
    const value = this.#rest.get(key);
    this.#rest.delete(key);
    return value === "" ? undefined : value;
  }

  refuse(expected: string): void {
    this.#config.refuse(this.item.name, this.item.value, expected);
  }

  passOver(what: string, why: string): void {
    this.#config.passOver(`${what} of ${this.item.name}`, why, this.item.value.at);
  }

  /** Tells that nothing is made of it, once. */
  passOverAll(why: string): void {
    this.#config.passOver(this.item.name, why, this.item.value.at);
    this.#rest.clear();
  }

  /** Tells of every key that nobody took. */
  tellTheRest(why: (key: string) => string): void {
    for (const key of this.#rest.keys()) this.passOver(shortened(key, 40), why(key));
    this.#rest.clear();
  }
}

/** The first value of a key counts: each is said once. */
function partsOf(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.split(",")) {
    const [key, value] = keyAndValue(part);
    if (key !== "" && !parts.has(key)) parts.set(key, value);
  }
  return parts;
}

export function keyAndValue(part: string): readonly [key: string, value: string] {
  const at = part.indexOf("=");
  return at < 0 ? [part.trim(), ""] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}
