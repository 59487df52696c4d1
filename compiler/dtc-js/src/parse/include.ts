import { MAX_INCLUDE_DEPTH, MAX_INCLUDES } from "../limits.ts";
import { fileAt, type SourceFile, type Span } from "../span.ts";
import { FatalFault, type Complain } from "./fault.ts";

/**
 * Finds an included file; undefined where there is none. `from` is the name of the file that includes it. `angled` is
 * true for `#include <path>` in a source that is preprocessed: C does not look for it beside that file.
 */
export type IncludeResolver = (path: string, from: string, angled: boolean) => SourceFile | undefined;

interface Frame {
  readonly source: SourceFile;
  /** Where reading goes on after the included file. */
  readonly resume: number;
}

/** The files that are open, and the limits that keep hostile includes finite. */
export class IncludeStack {
  readonly #resolver: IncludeResolver | undefined;
  readonly #complain: Complain;
  readonly #waiting: Frame[] = [];
  #count = 0;

  constructor(resolver: IncludeResolver | undefined, complain: Complain) {
    this.#resolver = resolver;
    this.#complain = complain;
  }

  /** The file to read now, while the current one waits at `span.end`; undefined where there is none. */
  enter(path: string, span: Span): SourceFile | undefined {
    const source = this.#resolver?.(path, fileAt(span), false);
    if (!source) {
      const why = this.#resolver ? "there is no such file" : "no include resolver was given";
      this.#complain("include", `"${path}" cannot be included: ${why}`, span);
      return undefined;
    }
    const names = [span.source.name, ...this.#waiting.map((frame) => frame.source.name)];
    if (names.includes(source.name)) throw new FatalFault("include", `"${source.name}" includes itself`, span);
    if (names.length >= MAX_INCLUDE_DEPTH) {
      throw new FatalFault("include", `includes nest deeper than ${MAX_INCLUDE_DEPTH} files`, span);
    }
    if (++this.#count > MAX_INCLUDES) throw new FatalFault("include", `more than ${MAX_INCLUDES} includes`, span);
    this.#waiting.push({ source: span.source, resume: span.end });
    return source;
  }

  leave(): Frame | undefined {
    return this.#waiting.pop();
  }
}
