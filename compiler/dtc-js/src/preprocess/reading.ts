import type { ExpansionError } from "./expand.ts";
import type { Frame } from "./frame.ts";
import type { Place, Run } from "./run.ts";
import type { Token } from "./token.ts";

/** A line that begins with `#`; offsets are those of its file's joined text. */
export interface Line {
  /** `define`, and so on. */
  readonly name: string;
  /** Of the `#`. */
  readonly start: number;
  /** Behind the directive's name. */
  readonly rest: number;
}

/** A file that is being read, as its directives see it. */
export interface Reading {
  readonly run: Run;
  readonly frame: Frame;
  readonly place: (start: number, end: number) => Place;
  /** The tokens up to the end of the line; `end` is behind the newline. */
  readonly tokens: (from: number) => { readonly tokens: readonly Token[]; readonly end: number };
  /** Reads another file in the place of the directive. */
  readonly include: (frame: Frame) => void;
  /** `#line`: the line at `at` gets a number, and the file a name. */
  readonly renumber: (at: number, line: number, file: string) => void;
  /** Reports why a macro could not be expanded. */
  readonly complain: (fault: ExpansionError, place: Place) => void;
}
