import { shortened } from "../../base/printable.ts";
import type { Stretch } from "../source.ts";

/** A value of xl.cfg(5), SYNTAX; `at` is all of it, quotes and brackets too. */
export type Value =
  | { readonly kind: "text"; readonly text: string; readonly at: Stretch }
  | { readonly kind: "number"; readonly text: string; readonly at: Stretch }
  | { readonly kind: "list"; readonly items: readonly Value[]; readonly at: Stretch };

/** NAME = VALUE. */
export interface Option {
  readonly name: string;
  readonly value: Value;
  /** The name. */
  readonly target: Stretch;
}

/** How messages show a value: what was written, but not all of a long one. */
export function shown(value: Value): string {
  const text = value.kind === "list" ? "a list" : value.text;
  return shortened(text, 60);
}

/**
 * A whole number, as xl reads it in numbers and in texts alike: decimal, 0x and hexadecimal, 0 and octal. Undefined for
 * what is none, or is beyond what addresses may be.
 */
export function wholeNumber(text: string): number | undefined {
  const [, hexadecimal, octal, decimal] = /^(?:0x([\da-f]+)|0([0-7]+)|(\d+))$/i.exec(text.trim()) ?? [];
  const value = hexadecimal
    ? Number(`0x${hexadecimal}`)
    : octal
      ? Number(`0o${octal}`)
      : decimal === undefined || /^0\d/.test(decimal)
        ? Number.NaN
        : Number(decimal);
  return value <= 2 ** 52 ? value : undefined;
}
