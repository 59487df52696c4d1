import type { Stretch } from "../source.ts";
import type { Cursor } from "../cursor.ts";

/** Why a word cannot be read without running the file. */
export interface Refusal {
  readonly kind: "runs" | "not-static" | "unterminated" | "too-long";
  /** In words, what stands there. */
  readonly what: string;
  readonly at: Stretch;
}

/** What `$NAME` or `${NAME[index]}` stands for. */
export type Lookup = (name: string, index: readonly number[], at: Stretch) => Part;

/** How much of a word is read: of an argument of `declare` bash expands braces, too. */
export interface WordRules {
  readonly lookup: Lookup;
  readonly braces: "literal" | "refused";
}

export type Part = { readonly text: string } | { readonly refusal: Refusal };

/** The value of an assignment as bash reads it (bash(1), QUOTING and Parameter Expansion), up to the word's end. */
export function readWord(cursor: Cursor, rules: WordRules): Part {
  let text = "";
  while (!cursor.atEnd && !endsWord(cursor)) {
    const part = readPart(cursor, rules);
    if ("refusal" in part) return part;
    text += part.text;
  }
  return { text };
}

/** Blanks and line ends; a carriage return of its own is a character as any other, and so are Unicode's other spaces. */
const endsWord = (cursor: Cursor): boolean =>
  " \t\n;".includes(cursor.peek()) || (cursor.peek() === "\r" && cursor.peek(1) === "\n");

function readPart(cursor: Cursor, { lookup, braces }: WordRules): Part {
  const char = cursor.peek();
  if (char === "'") return readSingleQuoted(cursor);
  if (char === '"') return readDoubleQuoted(cursor, lookup);
  if (char === "`") return refuse(cursor, "runs", "a command in back-ticks", 1);
  if (char === "$") return readExpansion(cursor, lookup, false);
  if (char === "~") return refuse(cursor, "not-static", "~, which may stand for a home folder,", 1);
  if (char === "{" && braces === "refused")
    return refuse(cursor, "not-static", "a brace after declare, which may stand for several words,", 1);
  if ("&|<>()".includes(char)) return refuse(cursor, "not-static", `"${char}"`, 1);
  cursor.at++;
  if (char !== "\\") return { text: char };
  return { text: cursor.match(/\r?\n/y) ? "" : cursor.atEnd ? "\\" : cursor.next() };
}

function readSingleQuoted(cursor: Cursor): Part {
  const start = cursor.at;
  const end = cursor.text.indexOf("'", start + 1);
  if (end < 0) return refuse(cursor, "unterminated", "'", 1);
  cursor.at = end + 1;
  return { text: cursor.text.slice(start + 1, end) };
}

function readDoubleQuoted(cursor: Cursor, lookup: Lookup): Part {
  const start = cursor.at++;
  let text = "";
  while (!cursor.take('"')) {
    if (cursor.atEnd) {
      cursor.at = start;
      return refuse(cursor, "unterminated", '"', 1);
    }
    const part = readQuotedPart(cursor, lookup);
    if ("refusal" in part) return part;
    text += part.text;
  }
  return { text };
}

/** Between double quotes a backslash stands for itself except before these. */
function readQuotedPart(cursor: Cursor, lookup: Lookup): Part {
  const char = cursor.peek();
  if (char === "`") return refuse(cursor, "runs", "a command in back-ticks", 1);
  if (char === "$") return readExpansion(cursor, lookup, true);
  const escaped = cursor.match(/\\(?:([$`"\\])|\r?\n)/y);
  return { text: escaped ? (escaped[1] ?? "") : cursor.next() };
}

const plainName = /\$([A-Za-z_]\w*)/y;
/** Without leading zeros, by which bash would mean an octal number, or another key. */
const bracedName = /\$\{([A-Za-z_]\w*)(?:\[(0|[1-9]\d{0,8})(?:,(0|[1-9]\d{0,8}))?\])?\}/y;
/** bash removes it before it looks for a name. */
const lineEnd = /^\\\r?\n/;

function readExpansion(cursor: Cursor, lookup: Lookup, quoted: boolean): Part {
  const start = cursor.at;
  const follows = cursor.peek(1);
  const runs = follows === "[" || cursor.peek(2) === "(" ? "arithmetic" : "a command";
  if (follows === "(" || follows === "[") return refuse(cursor, "runs", `${runs} after $${follows}`, 2);
  const found = cursor.match(plainName) ?? cursor.match(bracedName);
  if (found) {
    const [, name = "", ...index] = found;
    const numbers = index.filter(Boolean).map(Number);
    const part = lookup(name, numbers, { start, end: cursor.at });
    if ("refusal" in part) cursor.at = start;
    return part;
  }
  if (lineEnd.test(cursor.text.slice(start + 1, start + 4)))
    return refuse(cursor, "not-static", "$ at a line's end, which may have its name on the next,", 1);
  if (follows === "{") return refuse(cursor, "not-static", "${…} with more than a name", 2);
  if (/[\w*@#?$!-]/.test(follows)) return refuse(cursor, "not-static", `"$${follows}"`, 2);
  if (!quoted && /['"]/.test(follows)) return refuse(cursor, "not-static", `$${follows}…${follows}`, 2);
  return { text: cursor.next() };
}

const refuse = (cursor: Cursor, kind: Refusal["kind"], what: string, length: number): Part => ({
  refusal: { kind, what, at: { start: cursor.at, end: cursor.at + length } },
});
