import type { Diagnostic, Label, Severity, SourceSpan } from "../diagnostic.ts";
import type { RenderContext } from "./context.ts";

/** SARIF's levels, OASIS SARIF 2.1.0, 3.27.10. */
const level: Record<Severity, string> = { error: "error", warning: "warning", info: "note" };

/** SARIF 2.1.0, for code scanning services. Columns count UTF-16 units, as ours do (3.14.17). */
export function sarif(diagnostics: readonly Diagnostic[], context: RenderContext): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const run = {
    tool: { driver: { name: "xenimg", version: context.version, rules: codes.map((id) => ({ id })) } },
    columnKind: "utf16CodeUnits",
    results: diagnostics.map((diagnostic) => result(diagnostic, codes, context)),
  };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function result(diagnostic: Diagnostic, codes: readonly string[], context: RenderContext): object {
  const { code, severity, message, help } = diagnostic;
  const related = diagnostic.labels.flatMap((label) => location(label, context));
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: level[severity],
    message: { text: help === undefined ? message : `${message}\nhelp: ${help}` },
    locations: diagnostic.primary === undefined ? [] : location(diagnostic.primary, context),
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(diagnostic.fix?.span ? { fixes: [fix(diagnostic.fix.text, diagnostic.fix.span, context)] } : {}),
  };
}

/** OASIS SARIF 2.1.0, 3.55: what a reviewer may accept with a click. */
const fix = (text: string, span: SourceSpan, context: RenderContext): object => ({
  artifactChanges: [
    {
      artifactLocation: { uri: uriOf(span, context) },
      replacements: [{ deletedRegion: regionOf(span), insertedContent: { text } }],
    },
  ],
});

const uriOf = ({ file }: SourceSpan, context: RenderContext): string =>
  context.display(file).split("/").map(encodeURIComponent).join("/");

const regionOf = ({ start, end }: SourceSpan): object => ({
  startLine: start.line,
  startColumn: start.column,
  endLine: end.line,
  endColumn: end.column,
});

function location({ span, text }: Label, context: RenderContext): object[] {
  if (span === undefined) return [];
  const physicalLocation = { artifactLocation: { uri: uriOf(span, context) }, region: regionOf(span) };
  return [{ physicalLocation, ...(text === undefined ? {} : { message: { text } }) }];
}
