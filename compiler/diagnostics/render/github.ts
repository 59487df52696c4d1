import type { Diagnostic, Severity } from "../diagnostic.ts";
import { spanOf } from "./context.ts";
import type { RenderContext } from "./context.ts";

const command: Record<Severity, string> = { error: "error", warning: "warning", info: "notice" };

/** GitHub Actions' workflow commands: annotations at the lines of a pull request. */
export function github(diagnostics: readonly Diagnostic[], context: RenderContext): string {
  return diagnostics.map((diagnostic) => `${annotation(diagnostic, context)}\n`).join("");
}

function annotation(diagnostic: Diagnostic, context: RenderContext): string {
  const span = spanOf(diagnostic);
  const place =
    span === undefined ? {} : { file: context.display(span.file), line: span.start.line, endLine: span.end.line };
  // Columns are allowed on one line only.
  const columns = span?.start.line === span?.end.line ? { col: span?.start.column, endColumn: span?.end.column } : {};
  const properties = Object.entries({ ...place, ...columns, title: diagnostic.code })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  const text = diagnostic.help === undefined ? diagnostic.message : `${diagnostic.message}\nhelp: ${diagnostic.help}`;
  return `::${command[diagnostic.severity]} ${properties.join(",")}::${escapeData(text)}`;
}

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
