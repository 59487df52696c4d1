import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** One rule, one file: reads the whole system, reports every breach, changes nothing. */
export interface Rule<System> {
  /** Kebab case, the file's own name. */
  readonly name: string;
  check(system: System): Iterable<Diagnostic>;
}
