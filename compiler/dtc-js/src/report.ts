import type { Diagnostic, DiagnosticCode } from "./diagnostic.ts";
import { locate, type Span } from "./span.ts";

/** Collects what is found. */
export type Reporter = Diagnostic[];

/** Adds one error. */
export function report(to: Reporter, code: DiagnosticCode, message: string, span?: Span, related?: Span): void {
  to.push({
    code,
    severity: "error",
    message,
    ...(span && { span: locate(span) }),
    ...(related && { related: locate(related) }),
  });
}
