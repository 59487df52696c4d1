import type { DiagnosticCode } from "../diagnostic.ts";
import { MAX_ERRORS } from "../limits.ts";
import { report, type Reporter } from "../report.ts";
import type { SourceFile, Span } from "../span.ts";
import { FatalFault, StatementFault } from "./fault.ts";
import type { ParseOptions } from "./options.ts";
import { LabelIndex } from "./label-index.ts";
import { PropertyNotes } from "./property-notes.ts";
import { recover } from "./recover.ts";
import { Scanner } from "./scanner.ts";
import { ValueReader } from "./value.ts";

/** What the parts of the parser share. */
export class ParseContext {
  readonly scanner: Scanner;
  /** `/plugin/` */
  plugin = false;
  readonly labels = new LabelIndex();
  readonly notes = new PropertyNotes();
  readonly values: ValueReader;
  readonly #reporter: Reporter;
  readonly #names = new Map<string, string>();
  #errors = 0;

  constructor(source: SourceFile, options: ParseOptions, reporter: Reporter) {
    const complain = this.report.bind(this);
    this.#reporter = reporter;
    this.scanner = new Scanner(source, options.include, complain);
    this.values = new ValueReader(this.scanner, complain, options);
  }

  report(code: DiagnosticCode, message: string, span: Span, severity?: "warning"): void {
    report(this.#reporter, code, message, span, severity);
    if (severity === "warning") return;
    if (++this.#errors >= MAX_ERRORS) {
      throw new FatalFault("syntax", `more than ${MAX_ERRORS} errors; the rest was not read`, span);
    }
  }

  /** The same text as one string: most names of properties come again and again. */
  oneOf(name: string): string {
    const known = this.#names.get(name);
    if (known === undefined) this.#names.set(name, name);
    return known ?? name;
  }

  /** Reads one statement; after a mistake, goes on behind it. */
  statement(read: () => void): void {
    try {
      read();
    } catch (fault) {
      if (!(fault instanceof StatementFault) || fault instanceof FatalFault) throw fault;
      this.report(fault.code, fault.message, fault.span);
      recover(this.scanner);
    }
  }
}
