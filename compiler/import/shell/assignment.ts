import type { Stretch } from "../source.ts";

/** `NAME[index]=value`, after expansion. */
export interface Assignment {
  readonly name: string;
  /** None for a plain variable, one for `NAME[i]`, two for `NAME[i,j]`. */
  readonly index: readonly number[];
  readonly value: string;
  /** Where name and index stand. */
  readonly target: Stretch;
  /** Where the value stands, with its quotes. */
  readonly at: Stretch;
}

/** One text for each variable: in bash a plain name is element 0 of an array. */
export const keyOf = (name: string, index: readonly number[]): string =>
  `${name}[${(index.length > 0 ? index : [0]).join(",")}]`;
