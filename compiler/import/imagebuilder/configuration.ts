import type { SourceFile } from "dtc-js";
import { shortened } from "../../base/printable.ts";
import { nearest } from "../../base/suggest.ts";
import type { Code, ParamsOf } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Assignment } from "../shell/assignment.ts";
import { keyOf } from "../shell/assignment.ts";
import type { Stretch } from "../source.ts";
import { diagnoseAt } from "../source.ts";
import { variables } from "./variables.ts";

/** The last value of a variable, and how messages call it: "DOMU_MEM[0]". */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly at: Stretch;
}

/** How many there are of what an index counts, and the variable that says so. */
export type Count = readonly [variable: string, number: number];

/** The variables of a file, as ImageBuilder takes them: the last assignment counts, and an empty value is none. */
export class Configuration {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  readonly #settings = new Map<string, Setting & { readonly assignment: Assignment }>();

  constructor(source: SourceFile, assignments: readonly Assignment[]) {
    this.#source = source;
    for (const assignment of assignments) {
      const { name, index, value, at } = assignment;
      const key = keyOf(name, index);
      // Set anew, it counts where it stands last.
      this.#settings.delete(key);
      if (value === "") continue;
      const shown = index.length === 0 ? name : key;
      this.#settings.set(key, { name: shown, value, at, assignment });
    }
  }

  get(name: string, ...index: readonly number[]): Setting | undefined {
    return this.#settings.get(keyOf(name, index));
  }

  /** A whole number from `least` to `most`; a value that is none is told, and counts as none. */
  number(name: string, index: readonly number[], [least, most]: readonly [number, number]): number | undefined {
    const setting = this.get(name, ...index);
    if (setting === undefined) return undefined;
    const value = wholeNumber(setting.value.trim());
    if (value !== undefined && value >= least && value <= most) return value;
    this.refuse(setting, `a whole number from ${least} to ${most}`);
    return undefined;
  }

  flag(name: string, ...index: readonly number[]): boolean | undefined {
    const value = this.number(name, index, [0, 1]);
    return value === undefined ? undefined : value === 1;
  }

  refuse(setting: Setting, expected: string): void {
    const { name, value, at } = setting;
    this.tell("XI2208", { name, value: shortened(value, 60), expected }, at);
  }

  passOver({ name, at }: Setting, why: string): void {
    this.tell("XI2207", { name, why }, at);
  }

  tell<C extends Code>(code: C, params: ParamsOf<C>, at: Stretch): void {
    this.diagnostics.push(diagnoseAt(code, params, this.#source, at));
  }

  /** Tells of all that nothing is made of: unknown, without a counterpart, or of a domain or pool that is not counted. */
  tellTheRest(counts: Readonly<Record<"domain" | "pool", Count>>): void {
    for (const { name, value, assignment } of this.#settings.values()) {
      const known = Object.hasOwn(variables, assignment.name) ? variables[assignment.name] : undefined;
      const at = assignment.target;
      if (known === undefined) {
        this.tell("XI2206", { name, likely: nearest(assignment.name, Object.keys(variables)) }, at);
        continue;
      }
      const nothing = name.startsWith("NUM_") && value === "0";
      if (known.why !== undefined && !nothing)
        this.tell(known.needless === true ? "XI2270" : "XI2207", { name, why: known.why }, at);
      const counted = known.index === "pool" ? counts.pool : counts.domain;
      const [count, number] = counted;
      const first = assignment.index[0] ?? 0;
      if (["domain", "vcpu", "pool"].includes(known.index) && known.why === undefined && first >= number)
        this.tell("XI2210", { name, count, number }, at);
    }
  }
}

/** As bash's arithmetic and printf read it; undefined for what is none, or beyond what addresses may be. */
export function wholeNumber(text: string): number | undefined {
  if (!/^(?:0x[\da-f]+|\d+)$/i.test(text)) return undefined;
  const value = Number(text);
  return value <= 2 ** 52 ? value : undefined;
}
