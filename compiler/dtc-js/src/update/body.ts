import { behindBlank } from "../blank.ts";
import { bodyOf } from "../place.ts";
import { behindQuoted } from "../quoted.ts";
import type { Span } from "../span.ts";
import type { Node } from "../tree.ts";
import type { Here } from "./here.ts";

/** A body of a node in a text: the braces' offsets, and where the statement begins. */
export interface Body {
  readonly start: number;
  readonly open: number;
  readonly close: number;
}

/** What braces may stand in without being such, and braces. */
const tokens = /\/\*[^]*?\*\/|\/\/[^\n]*|["']|&\{[^}]*\}|[{}]/g;

/** The last place in the text where a node has a body. */
export function lastBody(here: Here, node: Node): Body | undefined {
  const span = node.spans?.flatMap((each) => here.span(each) ?? []).at(-1);
  const body = span && bodyIn(span);
  return body && here.together(body.open, body.close) ? body : undefined;
}

function bodyIn(span: Span): Body | undefined {
  const { text } = span.source;
  const open = bodyOf(span).start;
  if (text[open] !== "{") return undefined;
  tokens.lastIndex = open;
  let depth = 0;
  for (let match = tokens.exec(text); match && match.index < span.end; match = tokens.exec(text)) {
    if (match[0] === '"' || match[0] === "'") tokens.lastIndex = behindQuoted(text, match.index);
    else if (match[0] === "{") depth++;
    else if (match[0] === "}" && --depth === 0) return { start: span.start, open, close: match.index };
  }
  return undefined;
}

const label = /[a-zA-Z_][a-zA-Z0-9_]*:/y;
const name = /\\?[a-zA-Z0-9,._+*#?@-]+/y;

/** Where a property's name ends, and where its value begins, if it has one. */
export function partsOf({ source: { text }, start, end }: Span): { nameEnd: number; value: number | undefined } {
  let from = behindBlank(text, start);
  for (label.lastIndex = from; label.test(text); label.lastIndex = from) from = behindBlank(text, label.lastIndex);
  name.lastIndex = from;
  const nameEnd = name.exec(text) ? name.lastIndex : end;
  const equals = behindBlank(text, nameEnd);
  const value = text.charAt(equals) === "=" ? behindBlank(text, equals + 1) : Infinity;
  return { nameEnd, value: value <= end ? value : undefined };
}
