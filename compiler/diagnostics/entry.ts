import type { Severity } from "./diagnostic.ts";

/** One kind of diagnostic: what its parameters are, and how they become words. */
export interface Entry<Params> {
  readonly severity: Severity;
  /** What happened, in one line; never the place. */
  readonly message: (params: Params) => string;
  /** What would be right. */
  readonly help?: (params: Params) => string;
  /** What to write in the place that the primary label marks, where that is all there is to do. */
  readonly fix?: (params: Params) => string | undefined;
}

/** Identity; infers the parameters' type from `message`, so that `help` gets the same. */
export const entry = <Params>(definition: Entry<Params>): Entry<Params> => definition;
