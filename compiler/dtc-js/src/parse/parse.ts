import type { Result } from "../diagnostic.ts";
import type { SourceFile } from "../span.ts";
import type { DeviceTree } from "../tree.ts";

/** Finds an included file; undefined where there is none. `from` is the name of the file that includes it. */
export type IncludeResolver = (path: string, from: string) => SourceFile | undefined;

export interface ParseOptions {
  /** Without it, every `/include/` is an error. */
  readonly include?: IncludeResolver;
}

/** Reads source text; references are resolved and phandles allocated, as `dtc` does it. Never throws. */
export function parse(_source: string | SourceFile, _options: ParseOptions = {}): Result<DeviceTree> {
  throw new Error("parse follows");
}
