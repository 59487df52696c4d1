import type { Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";

type Stage<In, Out> = (value: In) => Outcome<Out> | Promise<Outcome<Out>>;

/** Stages one after the other: each runs if the last gave a value; what all of them said is kept. */
export interface Pipeline<T> {
  readonly to: <U>(stage: Stage<T, U>) => Pipeline<U>;
  readonly run: () => Promise<Outcome<T>>;
}

/** The first stage takes what there is from outside, which may be nothing at all. */
export const pipeline = <T>(first: () => Outcome<T>): Pipeline<T> => of(() => Promise.resolve(first()));

const of = <T>(run: () => Promise<Outcome<T>>): Pipeline<T> => ({
  run,
  to: <U>(stage: Stage<T, U>) =>
    of<U>(async () => {
      const before = await run();
      if (before.value === undefined) return { diagnostics: before.diagnostics };
      const after = await stage(before.value);
      const diagnostics: readonly Diagnostic[] = [...before.diagnostics, ...after.diagnostics];
      return { ...after, diagnostics };
    }),
});
