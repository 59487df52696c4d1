import type { Diagnostic, DiagnosticCode } from "../diagnostic.ts";
import { MAX_ERRORS, MAX_INCLUDE_DEPTH, MAX_INCLUDED, MAX_INCLUDES, MAX_WARNINGS } from "../limits.ts";
import type { IncludeResolver } from "../parse/include.ts";
import type { SourceFile } from "../span.ts";
import { Expander } from "./expand.ts";
import { includesOf, lineOf, placeIn, type Frame } from "./frame.ts";
import { tokensOf } from "./lexer.ts";
import type { Macro } from "./macro.ts";
import { Output } from "./output.ts";
import { Spliced } from "./spliced.ts";

/** Ends the reading of everything; why has been reported. */
export class Stop extends Error {}

/** A stretch of the joined text of a file. */
export interface Place {
  readonly frame: Frame;
  readonly start: number;
  readonly end: number;
}

/** Macros whose value depends on where they are used. */
const dynamic = ["__FILE__", "__LINE__", "__COUNTER__", "__INCLUDE_LEVEL__"] as const;

/** What the files of one run share: macros, output, limits. */
export class Run {
  readonly output = new Output();
  readonly expander: Expander;
  /** Of the lines of directives, which may stand among the arguments that the other one is reading. */
  readonly lines: Expander;
  readonly diagnostics: Diagnostic[] = [];
  /** Where reading is, for `__LINE__`. */
  here: { readonly frame: Frame; readonly at: number } | undefined;
  readonly #resolver: IncludeResolver | undefined;
  readonly #macros = new Map<string, Macro>();
  /** By the code of a name's first character: a bit for each length that a macro's name has. Most words are no macros. */
  readonly #lengths = new Uint32Array(128);
  readonly #inputs = new Map<string, Spliced>();
  readonly #once = new Set<string>();
  #includes = 0;
  #included = 0;
  #counter = 0;
  readonly #reported = { error: 0, warning: 0 };

  constructor(resolver: IncludeResolver | undefined) {
    this.#resolver = resolver;
    const find = (name: string): Macro | undefined => this.find(name);
    this.expander = new Expander(find);
    this.lines = new Expander(find);
    for (const name of dynamic) this.#expect(name);
  }

  find(name: string): Macro | undefined {
    return this.#macros.get(name) ?? this.#dynamic(name);
  }

  define(macro: Macro): void {
    this.#macros.set(macro.name, macro);
    this.#expect(macro.name);
  }

  undefine(name: string): void {
    this.#macros.delete(name);
  }

  #expect(name: string): void {
    const first = name.charCodeAt(0);
    this.#lengths[first] = (this.#lengths[first] ?? 0) | (1 << Math.min(name.length, 31));
  }

  /** False where no macro has a name that begins with this character and is so long. */
  mayBeMacro(first: number, length: number): boolean {
    return ((this.#lengths[first] ?? 0) & (1 << Math.min(length, 31))) !== 0;
  }

  #dynamic(name: string): Macro | undefined {
    const known = dynamic.find((each) => each === name);
    if (!known || !this.here) return undefined;
    const { frame, at } = this.here;
    const values = {
      __FILE__: () => `"${frame.file.replace(/["\\]/g, "\\$&")}"`,
      __LINE__: () => String(lineOf(frame, at)),
      __COUNTER__: () => String(this.#counter++),
      __INCLUDE_LEVEL__: () => String(frame.depth),
    };
    // Only a use counts, not a question whether there is such a macro.
    const parts = (): Macro["parts"] => tokensOf(values[known]()).map((token) => ({ token }));
    return {
      name,
      variadic: false,
      get parts() {
        return parts();
      },
    };
  }

  report(code: DiagnosticCode, message: string, place: Place, more: Partial<Diagnostic> = {}): void {
    const trail = [...(more.trail ?? []), ...includesOf(place.frame)];
    this.diagnostics.push({
      code,
      severity: "error",
      message,
      span: placeIn(place.frame, place.start, place.end),
      ...more,
      ...(trail.length > 0 && { trail }),
    });
    const severity = more.severity ?? "error";
    const most = severity === "error" ? MAX_ERRORS : MAX_WARNINGS;
    if (++this.#reported[severity] < most) return;
    this.diagnostics.push({
      code: "directive",
      severity: "error",
      message: `more than ${most} ${severity}s; the rest was not read`,
      span: placeIn(place.frame, place.start, place.end),
    });
    throw new Stop();
  }

  /** Reports what ends everything. */
  stop(code: DiagnosticCode, message: string, place: Place, more: Partial<Diagnostic> = {}): never {
    this.report(code, message, place, more);
    throw new Stop();
  }

  /** Reads a file a second time only where it did not say `#pragma once`. */
  once(frame: Frame): void {
    this.#once.add(frame.input.source.name);
  }

  /** The frame of an included file; undefined where there is none, or it has been read and wants to be read once. */
  enter(path: string, angled: boolean, from: Place): Frame | undefined {
    const source = this.#resolver?.(path, from.frame.input.source.name, angled);
    if (!source) {
      const why = this.#resolver ? "there is no such file" : "no include resolver was given";
      this.report("include", `"${path}" cannot be included: ${why}`, from);
      return undefined;
    }
    if (this.#once.has(source.name)) return undefined;
    const depth = from.frame.depth + 1;
    if (depth >= MAX_INCLUDE_DEPTH) {
      this.stop("include", `includes nest deeper than ${MAX_INCLUDE_DEPTH} files: "${source.name}"`, from);
    }
    if (++this.#includes > MAX_INCLUDES) this.stop("include", `more than ${MAX_INCLUDES} includes`, from);
    this.#included += source.text.length;
    if (this.#included > MAX_INCLUDED) {
      this.stop("include", `included files have more than ${MAX_INCLUDED} characters`, from);
    }
    return { input: this.input(source), file: source.name, shift: 0, from, depth };
  }

  /** A file's text, joined once however often it is included. */
  input(source: SourceFile): Spliced {
    const known = this.#inputs.get(source.name);
    if (known?.source.text === source.text) return known;
    const input = new Spliced(source);
    this.#inputs.set(source.name, input);
    return input;
  }
}
