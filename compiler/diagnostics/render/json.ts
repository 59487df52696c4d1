import type { Diagnostic, Label } from "../diagnostic.ts";
import type { RenderContext } from "./context.ts";

/** For programs: one array, each diagnostic with its places resolved to file, line and column. */
export function json(diagnostics: readonly Diagnostic[], context: RenderContext): string {
  const place = (label: Label): object => ({
    ...(label.path === undefined ? {} : { path: label.path }),
    ...(label.span === undefined ? {} : { ...label.span, file: context.display(label.span.file) }),
    ...(label.text === undefined ? {} : { text: label.text }),
  });
  const plain = diagnostics.map(({ code, severity, message, primary, labels, help, fix }) => ({
    code,
    severity,
    message,
    ...(primary === undefined ? {} : { primary: place(primary) }),
    labels: labels.map(place),
    ...(help === undefined ? {} : { help }),
    ...(fix?.span && { fix: { text: fix.text, ...place({ span: fix.span }) } }),
  }));
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}
