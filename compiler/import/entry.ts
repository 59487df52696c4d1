import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { ImportRequest } from "./request.ts";

/**
 * The text of a `board.ts` that says what files of another tool say; what it cannot say is told. Loaded when it is
 * called: a configuration imports this package for its language alone.
 */
export const importSystem = async (request: ImportRequest): Promise<Outcome<string>> =>
  (await import("./import.ts")).importSystem(request);
