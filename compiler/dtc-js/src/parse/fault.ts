import type { DiagnosticCode } from "../diagnostic.ts";
import type { Span } from "../span.ts";

/** Reports a mistake behind which reading goes on. */
export type Complain = (code: DiagnosticCode, message: string, span: Span, severity?: "warning") => void;

/** A mistake that ends the statement that it stands in; caught where the parser can go on. */
export class StatementFault extends Error {
  readonly code: DiagnosticCode;
  readonly span: Span;
  constructor(code: DiagnosticCode, message: string, span: Span) {
    super(message);
    this.code = code;
    this.span = span;
  }
}

/** A mistake after which reading on makes no sense; already reported or reported with it. */
export class FatalFault extends StatementFault {}
