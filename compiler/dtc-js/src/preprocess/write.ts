import { Gap, Kind, type Token } from "./token.ts";

/**
 * The tokens as text, behind the token `before`. What would become another token when it is read again is kept apart
 * by a blank.
 */
export function textOf(tokens: readonly Token[], before: Token | undefined): string {
  const parts: string[] = [];
  const gap = new Gap();
  let previous = before;
  for (const token of tokens) {
    const found = gap.before(token);
    if (!found) continue;
    const close = found.edge && (previous ? joins(previous, token) : token.text === "#");
    parts.push(found.space || close ? ` ${token.text}` : token.text);
    previous = token;
  }
  return parts.join("") + (gap.trailing ? " " : "");
}

/** What an operator may not touch, by its text: the first characters of what follows. */
const apart: Readonly<Record<string, string>> = {
  ">": ">=",
  "<": "<%:=",
  "+": "+=",
  "-": "->=",
  "/": "/*=",
  "%": ":%=",
  "&": "&=",
  "|": "|=",
  ":": ":>",
  ".": ".%",
  "#": "#%",
  "->": "*",
  "=": "=",
  "!": "=",
  "*": "=",
  "^": "=",
  ">>": "=",
  "<<": "=",
};

const nameOnly = /^\w+$/;

/** Whether two tokens side by side could be read as something else. */
export function joins(left: Token, right: Token): boolean {
  switch (left.kind) {
    case Kind.name:
      return (
        right.kind === Kind.name ||
        right.kind === Kind.quoted ||
        (right.kind === Kind.number && nameOnly.test(right.text))
      );
    case Kind.number:
      return (
        right.kind === Kind.name ||
        right.kind === Kind.number ||
        (right.kind === Kind.quoted && right.text.startsWith("'")) ||
        (right.kind === Kind.other && /^[.+-]/.test(right.text))
      );
    case Kind.other:
      if (left.text === "." && right.kind === Kind.number) return true;
      return (
        right.kind === Kind.other &&
        (Object.hasOwn(apart, left.text) ? apart[left.text] : "")?.includes(right.text.charAt(0)) === true
      );
    case Kind.quoted:
    case Kind.edge:
      return false;
  }
}
