import { behindBlank } from "./blank.ts";
import type { Span } from "./span.ts";

/** A comment, a reference by path (its braces are no body), a string, or what is looked for. */
const beforeBody = /\/\*[^]*?\*\/|\/\/[^\n]*|&\{[^}]*\}|\{/g;

/** A node's place as dtc has it: from its brace on, without labels and name, to behind its semicolon. */
export function bodyOf(span: Span): Span {
  const { source, start, end } = span;
  beforeBody.lastIndex = start;
  for (let match = beforeBody.exec(source.text); match && match.index < end; match = beforeBody.exec(source.text)) {
    if (match[0] === "{") return { source, start: match.index, end };
  }
  return span;
}

/** A property's place as dtc has it: from its name, behind its labels, to behind its semicolon. */
export function statementOf({ source, start, end }: Span): Span {
  const behind = behindBlank(source.text, end);
  return {
    source,
    start: start + labelsOf(source.text, start, end),
    end: source.text.charAt(behind) === ";" ? behind + 1 : end,
  };
}

const labels = /(?:[a-zA-Z_][a-zA-Z0-9_]*:\s*)*/y;

function labelsOf(text: string, start: number, end: number): number {
  labels.lastIndex = start;
  return Math.min(labels.exec(text)?.[0].length ?? 0, end - start);
}
