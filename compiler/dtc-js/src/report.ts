import type { Diagnostic, DiagnosticCode } from "./diagnostic.ts";
import { locate, type Span } from "./span.ts";

/** Collects what is found. */
export type Reporter = Diagnostic[];

/** Adds one finding. */
export function report(
  to: Reporter,
  code: DiagnosticCode,
  message: string,
  span: Span,
  severity: Diagnostic["severity"] = "error",
): void {
  to.push({ code, severity, message, span: locate(span) });
}
