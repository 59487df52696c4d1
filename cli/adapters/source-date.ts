import type { Outcome } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import type { Surroundings } from "./terminal.ts";

/** In seconds since 1970: the moment that outputs are said to be of (https://reproducible-builds.org/specs/source-date-epoch/). */
export function sourceDateEpoch({ env }: Pick<Surroundings, "env">): Outcome<number> {
  const value = env["SOURCE_DATE_EPOCH"] ?? "";
  if (value === "") return { diagnostics: [] };
  // Headers have 32 bits for it.
  if (!/^\d{1,10}$/.test(value) || Number(value) >= 2 ** 32) return { diagnostics: [diagnose("XI6303", { value })] };
  return { value: Number(value), diagnostics: [] };
}

/** The time that certificates are judged by, in milliseconds since 1970: the same where the source date is given. */
export function timeOf(surroundings: Pick<Surroundings, "env">): Outcome<number> {
  const { value: epoch, diagnostics } = sourceDateEpoch(surroundings);
  if (diagnostics.length > 0) return { diagnostics };
  return { value: epoch === undefined ? Date.now() : epoch * 1000, diagnostics };
}
