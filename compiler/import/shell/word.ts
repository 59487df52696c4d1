import type { Stretch } from "../source.ts";
import type { Cursor } from "../cursor.ts";

/** Why a word cannot be read without running the file. */
export interface Refusal {
  readonly kind: "runs" | "not-static" | "unterminated";
  /** In words, what stands there. */
  readonly what: string;
  readonly at: Stretch;
}

/** What `$NAME` or `${NAME[index]}` stands for. */
export type Lookup = (name: string, index: readonly number[], at: Stretch) => string;

type Part = { readonly text: string } | { readonly refusal: Refusal };

/** The value of an assignment as bash reads it (bash(1), QUOTING and Parameter Expansion), up to the word's end. */
export function readWord(cursor: Cursor, lookup: Lookup): Part {
  let text = "";
  while (!cursor.atEnd && !/[\s;]/.test(cursor.peek())) {
    const part = readPart(cursor, lookup);
    if ("refusal" in part) return part;
    text += part.text;
  }
  return { text };
}

function readPart(cursor: Cursor, lookup: Lookup): Part {
  const char = cursor.peek();
  if (char === "'") return readSingleQuoted(cursor);
  if (char === '"') return readDoubleQuoted(cursor, lookup);
  if (char === "`") return refuse(cursor, "runs", "a command in back-ticks", 1);
  if (char === "$") return readExpansion(cursor, lookup, false);
  if (char === "~") return refuse(cursor, "not-static", "~, which may stand for a home folder,", 1);
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
const bracedName = /\$\{([A-Za-z_]\w*)(?:\[(\d{1,9})(?:,(\d{1,9}))?\])?\}/y;

function readExpansion(cursor: Cursor, lookup: Lookup, quoted: boolean): Part {
  const start = cursor.at;
  const follows = cursor.peek(1);
  const runs = follows === "[" || cursor.peek(2) === "(" ? "arithmetic" : "a command";
  if (follows === "(" || follows === "[") return refuse(cursor, "runs", `${runs} after $${follows}`, 2);
  const found = cursor.match(plainName) ?? cursor.match(bracedName);
  if (found) {
    const [, name = "", ...index] = found;
    const numbers = index.filter(Boolean).map(Number);
    return { text: lookup(name, numbers, { start, end: cursor.at }) };
  }
  if (follows === "{") return refuse(cursor, "not-static", "${…} with more than a name", 2);
  if (/[\w*@#?$!-]/.test(follows)) return refuse(cursor, "not-static", `"$${follows}"`, 2);
  if (!quoted && /['"]/.test(follows)) return refuse(cursor, "not-static", `$${follows}…${follows}`, 2);
  return { text: cursor.next() };
}

const refuse = (cursor: Cursor, kind: Refusal["kind"], what: string, length: number): Part => ({
  refusal: { kind, what, at: { start: cursor.at, end: cursor.at + length } },
});
