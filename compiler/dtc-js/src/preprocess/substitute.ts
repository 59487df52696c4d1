import { tokensOf } from "./lexer.ts";
import type { Macro, Part } from "./macro.ts";
import { edgeOf, freeEdge, Gap, isPunctuator, Kind, type Token } from "./token.ts";

export interface Argument {
  /** As it was written. */
  readonly tokens: readonly Token[];
  /** With its macros expanded. */
  readonly expanded: () => readonly Token[];
  /** Nothing was given for `...`, not even a comma. */
  readonly omitted: boolean;
}

type Spend = (count: number) => void;

/**
 * What a macro stands for with these arguments: `#` and `##` done, not yet read again for more macros. `spend` is told
 * how much that is, in tokens, and in characters where new tokens are made.
 */
export function substitute(macro: Macro, args: readonly Argument[], spend: Spend): readonly Token[] {
  const out: Token[] = [];
  let previous: Part | undefined;
  for (const part of macro.parts) {
    const argument = part.parameter === undefined ? undefined : args[part.parameter];
    const pasting = previous?.pasted === true;
    if (pasting && argument && macro.variadic && part.parameter === args.length - 1 && isPunctuator(out.at(-1), ",")) {
      // GNU C's ", ## arguments": the comma goes with them, and is never pasted to anything.
      const comma = out.splice(-2).slice(1);
      if (!argument.omitted) add(out, [...comma, ...argument.tokens]);
    } else {
      const list = listOf(part, argument, { pasting, first: previous === undefined, spend });
      spend(list.length + 1);
      const begins = pasting ? pasteOnto(out, list, part.pasted === true, spend) : true;
      if (!pasting) add(out, list);
      if (part.pasted && begins) edgeBeforeLast(out);
    }
    if (argument && !part.pasted) out.push(freeEdge);
    previous = part;
  }
  return out;
}

/** Not by spreading: an argument may be longer than a call can take. */
function add(out: Token[], tokens: readonly Token[]): void {
  for (const token of tokens) out.push(token);
}

/** What a part is replaced by, with an edge in front where it is an argument that nothing is pasted to. */
function listOf(
  { token, quoted, pasted }: Part,
  argument: Argument | undefined,
  { pasting, first, spend }: { readonly pasting: boolean; readonly first: boolean; readonly spend: Spend },
): readonly Token[] {
  if (!argument) return [token];
  const raw = pasting || pasted;
  const tokens = quoted ? [quote(token, argument.tokens, spend)] : raw ? argument.tokens : argument.expanded();
  if (pasting) return tokens.length > 0 ? tokens : [freeEdge];
  const edge = first ? [] : [edgeOf(token)];
  return tokens.length > 0 || !pasted ? [...edge, ...tokens] : [...edge, freeEdge];
}

/** `#parameter` */
function quote(at: Token, tokens: readonly Token[], spend: Spend): Token {
  const gap = new Gap();
  const parts: string[] = [];
  for (const token of tokens) {
    const found = gap.before(token);
    if (!found) continue;
    const shown = token.kind === Kind.quoted ? token.text.replace(/["\\]/g, "\\$&") : token.text;
    spend(shown.length);
    parts.push(found.space && parts.length > 0 ? ` ${shown}` : shown);
  }
  return { kind: Kind.quoted, text: `"${parts.join("")}"`, space: false, at: at.at };
}

/** What is made by pasting stands where its left side stood. */
function edgeBeforeLast(out: Token[]): void {
  const last = out.pop();
  if (!last) return;
  if (last.kind !== Kind.edge) out.push(edgeOf(last));
  out.push(last);
}

/** `##`. `goesOn` where another one follows; the answer is whether that has a left side of its own. */
function pasteOnto(out: Token[], list: readonly Token[], goesOn: boolean, spend: Spend): boolean {
  const left = out.pop();
  const [right, ...rest] = list;
  if (!left || !right) return true;
  const token = paste(left, right, spend);
  // What makes no token stays two, as in assembler sources: `cpu@##n`.
  add(out, token ? [token] : [left, freeEdge, right]);
  // What nothing is pasted to on its left stays as it was, with what follows it.
  if (token && left.kind !== Kind.edge && (rest.length > 0 || !goesOn)) out.push(freeEdge);
  add(out, rest);
  return !token || rest.length > 0;
}

/** One token of two, where they are one. */
function paste(left: Token, right: Token, spend: Spend): Token | undefined {
  if (right.kind === Kind.edge) return left;
  if (left.kind === Kind.edge) return right;
  const text = left.text + right.text;
  spend(text.length);
  const [token, ...more] = text === "//" || text === "/*" ? [] : tokensOf(text);
  if (!token || more.length > 0) return undefined;
  return { kind: token.kind, text, space: left.space, at: left.at };
}
