import type { Diagnostic, Label, Severity, SourceSpan } from "../diagnostic.ts";
import { countOf, formatPath } from "./context.ts";
import type { RenderContext } from "./context.ts";

type Style = "bold" | "red" | "yellow" | "blue" | "dim";
/** Select graphic rendition, ECMA-48 8.3.117. */
const sgr: Record<Style, number> = { bold: 1, red: 31, yellow: 33, blue: 34, dim: 2 };
const severityStyle: Record<Severity, Style> = { error: "red", warning: "yellow", info: "blue" };

type Paint = (style: Style, text: string) => string;

interface Context extends RenderContext {
  /** Of a source file; undefined where it cannot be read. */
  readonly lines: (file: string) => readonly string[] | undefined;
}

/** A file is split once, however many diagnostics point into it. */
function linesOf({ source }: RenderContext): Context["lines"] {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, source(file)?.split(/\r?\n/));
    return known.get(file);
  };
}

/** For people: what happened, where (with the line itself), what else is involved, what to do. */
export function pretty(diagnostics: readonly Diagnostic[], whole: RenderContext): string {
  const context = { ...whole, lines: linesOf(whole) };
  const paint: Paint = (style, text) => (context.color ? `\u001B[${sgr[style]}m${text}\u001B[0m` : text);
  const blocks = diagnostics.map((diagnostic) => renderOne(diagnostic, context, paint).join("\n"));
  return [...blocks, ...summary(diagnostics)].map((block) => `${block}\n`).join("\n");
}

function renderOne(diagnostic: Diagnostic, context: Context, paint: Paint): string[] {
  const head = paint(severityStyle[diagnostic.severity], `${diagnostic.severity} ${diagnostic.code}`);
  const lines = [`${head}: ${paint("bold", visible(diagnostic.message))}`];
  if (diagnostic.primary !== undefined) lines.push(...renderLabel(diagnostic.primary, "-->", "^", context, paint));
  for (const label of diagnostic.labels) lines.push(...renderLabel(label, ":::", "-", context, paint));
  if (diagnostic.help !== undefined) lines.push(`  ${paint("blue", "help:")} ${diagnostic.help}`);
  return lines;
}

function renderLabel(label: Label, arrow: string, mark: string, context: Context, paint: Paint): string[] {
  const { span } = label;
  const text = label.text === undefined ? "" : ` ${label.text}`;
  if (span === undefined) {
    return (label.path ?? []).length === 0 && text === ""
      ? []
      : [`  ${paint("dim", arrow)} ${formatPath(label.path ?? [])}${text}`];
  }
  const place = `${context.display(span.file)}:${span.start.line}:${span.start.column}`;
  const lines = [`  ${paint("dim", arrow)} ${place}`];
  const excerpt = excerptOf(span, context);
  if (excerpt === undefined) return text === "" ? lines : [`${lines[0] ?? ""}:${text}`];
  const gutter = " ".repeat(String(span.start.line).length);
  return [
    ...lines,
    `${paint("dim", `${span.start.line} |`)} ${excerpt.line}`,
    `${paint("dim", `${gutter} |`)} ${excerpt.indent}${paint(mark === "^" ? "red" : "blue", mark.repeat(excerpt.width) + text)}`,
  ];
}

interface Excerpt {
  readonly line: string;
  readonly indent: string;
  readonly width: number;
}

/** The span's first line, and how to put marks below it. Tabs stay tabs in the indentation, so that marks line up. */
function excerptOf(span: SourceSpan, context: Context): Excerpt | undefined {
  const line = context.lines(span.file)?.[span.start.line - 1];
  if (line === undefined) return undefined;
  const before = line.slice(0, span.start.column - 1);
  const endColumn = span.end.line === span.start.line ? span.end.column : line.length + 1;
  const width = Math.max(1, Math.min(endColumn, line.length + 1) - span.start.column);
  return { line, indent: before.replace(/[^\t]/g, " "), width };
}

function summary(diagnostics: readonly Diagnostic[]): string[] {
  const first = diagnostics.find(({ severity }) => severity === "error") ?? diagnostics[0];
  if (first === undefined) return [];
  const counts = (["error", "warning", "info"] as const)
    .map((severity) => [countOf(diagnostics, severity), severity === "info" ? "note" : severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}${count === 1 ? "" : "s"}`);
  return [`${counts.join(", ")}; \`xenimg explain ${first.code}\` says more`];
}

/** What a file or a configuration says of itself must not move a terminal's cursor, or show itself in another order. */
function visible(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- it is about control characters
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => `\\x${hexOf(character).padStart(2, "0")}`)
      .replace(/[\p{Bidi_Control}\u2028\u2029]/gu, (character) => `\\u${hexOf(character).padStart(4, "0")}`)
  );
}

const hexOf = (character: string): string => character.charCodeAt(0).toString(16);
