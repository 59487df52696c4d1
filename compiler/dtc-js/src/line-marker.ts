import { endOfQuoted } from "./quoted.ts";

/** `# 12 "file" 1`, as the C preprocessor writes it, or `#line 12 "file"`. */
export interface LineMarker {
  readonly line: number;
  /** As it is written, escapes and all. */
  readonly written: string;
  /** Behind the quote or the last flag. */
  readonly end: number;
}

const head = /#(?:line)?[ \t]+([0-9]+)[ \t]+(?=")/y;
const flag = /[ \t]+[0-9]+/y;

/** Lines are counted up to here (C11 6.10.4). */
const MAX_LINE = 2 ** 31 - 1;

/** The marker that begins at `at`; all of it is on one line. */
export function readLineMarker(text: string, at: number): LineMarker | undefined {
  head.lastIndex = at;
  const digits = head.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const start = head.lastIndex;
  let end = endOfQuoted(text, start);
  const newline = text.indexOf("\n", start);
  if (end < 0 || (newline >= 0 && newline < end)) return undefined;
  const written = text.slice(start + 1, end - 1);
  for (flag.lastIndex = end; flag.test(text);) end = flag.lastIndex;
  return { line: Math.min(Number(digits), MAX_LINE), written, end };
}

/** The name of the file, without escapes. */
export const fileOf = ({ written }: LineMarker): string => written.replace(/\\(.)/g, "$1");
