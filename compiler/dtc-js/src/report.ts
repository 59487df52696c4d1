import type { Diagnostic, DiagnosticCode } from "./diagnostic.ts";
import { locate, trailOf, type Span } from "./span.ts";

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
  to.push({ code, severity, message, ...whereOf(span) });
}

/** A place as a diagnostic has it. */
export function whereOf(span: Span): Pick<Diagnostic, "span" | "trail"> {
  const trail = trailOf(span);
  return { span: locate(span), ...(trail.length > 0 && { trail }) };
}
