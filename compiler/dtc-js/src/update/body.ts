import { bodyOf } from "../place.ts";
import type { SourceFile, Span } from "../span.ts";
import type { Node } from "../tree.ts";

/** A body of a node in a text: the braces' offsets, and where the statement begins. */
export interface Body {
  readonly start: number;
  readonly open: number;
  readonly close: number;
}

/** What braces may stand in without being such, and braces. */
const tokens = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\]|\\[^])*"|'(?:[^'\\\n]|\\.)*'|&\{[^}]*\}|[{}]/g;

/** The last place in a file where a node has a body. */
export function lastBody(file: SourceFile, node: Node): Body | undefined {
  const span = node.spans?.findLast(({ source }) => source === file);
  return span && bodyIn(span);
}

function bodyIn(span: Span): Body | undefined {
  const { text } = span.source;
  const open = bodyOf(span).start;
  if (text[open] !== "{") return undefined;
  tokens.lastIndex = open;
  let depth = 0;
  for (let match = tokens.exec(text); match && match.index < span.end; match = tokens.exec(text)) {
    if (match[0] === "{") depth++;
    else if (match[0] === "}" && --depth === 0) return { start: span.start, open, close: match.index };
  }
  return undefined;
}

const lead = /(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*|[a-zA-Z_][a-zA-Z0-9_]*:)*/y;
const name = /\\?[a-zA-Z0-9,._+*#?@-]+/y;
const equals = /(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*)*=(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*)*/y;

/** Where a property's name ends, and where its value begins, if it has one. */
export function partsOf({ source: { text }, start, end }: Span): { nameEnd: number; value: number | undefined } {
  lead.lastIndex = start;
  name.lastIndex = start + (lead.exec(text)?.[0].length ?? 0);
  const nameEnd = name.exec(text) ? name.lastIndex : end;
  equals.lastIndex = nameEnd;
  const found = equals.exec(text);
  return { nameEnd, value: found && equals.lastIndex <= end ? equals.lastIndex : undefined };
}
