import type { SourceFile } from "dtc-js";
import { positionOf } from "dtc-js";
import { nearest } from "../../base/suggest.ts";
import type { Code, ParamsOf } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Stretch } from "../source.ts";
import { diagnoseAt } from "../source.ts";
import type { WhyNot } from "./options.ts";
import type { Option, Value } from "./value.ts";
import { shown, wholeNumber } from "./value.ts";

/** The options of one xl.cfg, by their kinds; what is of another kind than xl.cfg(5) says is told, and counts as none. */
export class Configuration {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  readonly #options = new Map<string, Option>();

  constructor(source: SourceFile, options: readonly Option[]) {
    this.#source = source;
    for (const option of options) {
      const { name, target } = option;
      const before = this.#options.get(name);
      if (before) this.tell("XI2267", { name, line: positionOf(source, before.target.start).line }, target);
      this.#options.set(name, option);
    }
  }

  has(name: string): boolean {
    return this.#options.has(name);
  }

  value(name: string): Value | undefined {
    return this.#options.get(name)?.value;
  }

  /** An empty text is none. */
  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || value.kind === "text") return value?.text === "" ? undefined : value?.text;
    this.refuse(name, value, "a text in quotes");
    return undefined;
  }

  /** A number or a text that is one, from `least` to `most`. */
  number(name: string, [least, most]: readonly [number, number]): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = value.kind === "list" ? undefined : wholeNumber(value.text);
    if (number !== undefined && number >= least && number <= most) return number;
    this.refuse(name, value, `a whole number from ${least} to ${most}`);
    return undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.number(name, [0, 2 ** 32 - 1]);
    return value === undefined ? undefined : value !== 0;
  }

  /** One of a list of words. */
  word<const Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.value(name);
    const found = value?.kind === "text" ? words.find((each) => each === value.text) : undefined;
    if (value && found === undefined) this.refuse(name, value, `one of ${words.map((each) => `"${each}"`).join(", ")}`);
    return found;
  }

  /** The items of a list; each is named in messages as "disk[0]". */
  list(name: string): readonly Item[] {
    const value = this.value(name);
    if (value === undefined) return [];
    if (value.kind === "list") return value.items.map((item, index) => ({ name: `${name}[${index}]`, value: item }));
    this.refuse(name, value, "a list in [ ]");
    return [];
  }

  /** Those of a list of texts. */
  texts(name: string): readonly TextItem[] {
    return this.list(name).flatMap((item) => {
      if (item.value.kind === "text") return [{ name: item.name, value: item.value }];
      this.refuse(item.name, item.value, "a text in quotes");
      return [];
    });
  }

  refuse(name: string, value: Value, expected: string): void {
    this.tell("XI2208", { name, value: shown(value), expected }, value.at);
  }

  passOver(name: string, why: string, at: Stretch): void {
    this.tell("XI2207", { name, why }, at);
  }

  /** The same of an option, at its name. */
  passOverOption(name: string, why: string): void {
    const target = this.#options.get(name)?.target;
    if (target) this.passOver(name, why, target);
  }

  /** Something that the file does not say. */
  missing(name: string, why: string): void {
    this.tell("XI2209", { name, why }, { start: 0, end: 0 });
  }

  tell<C extends Code>(code: C, params: ParamsOf<C>, at: Stretch): void {
    this.diagnostics.push(diagnoseAt(code, params, this.#source, at));
  }

  /** Whether nothing at all is said; a value that is no text is another matter. */
  lacks(name: string): boolean {
    const value = this.value(name);
    return value === undefined || (value.kind === "text" && value.text === "");
  }

  /** Tells of all options that nothing is made of. */
  tellTheRest(known: Readonly<Record<string, WhyNot>>): void {
    for (const { name, target } of this.#options.values())
      if (!Object.hasOwn(known, name)) this.tell("XI2263", { name, likely: nearest(name, Object.keys(known)) }, target);
      else if (known[name] !== undefined) this.passOver(name, known[name], target);
  }
}

export interface Item {
  readonly name: string;
  readonly value: Value;
}

export interface TextItem extends Item {
  readonly value: Extract<Value, { readonly kind: "text" }>;
}
