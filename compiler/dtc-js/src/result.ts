import type { Result } from "./diagnostic.ts";

/** All answers without a remark have it. */
const none: readonly never[] = Object.freeze([]);

/** An answer; most have nothing to remark. */
export const answer = <T, D>(value: T, diagnostics: readonly D[] = none): Result<T, D> => ({
  ok: true,
  value,
  diagnostics,
});

/** No answer, and why. */
export function refusal<D>(diagnostics: readonly D[]): Result<never, D> {
  const [first, ...more] = diagnostics;
  if (first === undefined) throw new Error("dtc-js bug: expected a refusal to have a reason");
  return { ok: false, diagnostics: [first, ...more] };
}
