import type { Writer } from "../blob/writer.ts";
import { Char, hexDigit } from "./chars.ts";
import type { Span } from "../span.ts";
import { StatementFault } from "./fault.ts";

const letters: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Writes the text `[start, end)` as UTF-8 with its escapes resolved, as C has them. */
export function writeEscaped(out: Writer, span: Span): void {
  const { source, start, end } = span;
  const { text, encoding } = source;
  for (let at = start; at < end;) {
    const code = text.charCodeAt(at);
    if (code === Char.backslash) at = writeEscape(out, span, at + 1);
    else if (code < 0x80 || encoding === "bytes") {
      out.u8(code);
      at++;
    } else {
      let run = at + 1;
      while (run < end && text.charCodeAt(run) >= 0x80) run++;
      out.bytes(new TextEncoder().encode(text.slice(at, run)));
      at = run;
    }
  }
}

/** `at` is behind the backslash; answers where the escape ends. */
function writeEscape(out: Writer, { source, end }: Span, at: number): number {
  const { text } = source;
  const letter = text.charAt(at);
  if (letter === "x") {
    const run = digits(text, at + 1, Math.min(end, at + 3), 16);
    if (run === at + 1) {
      throw new StatementFault("literal", "\\x needs hexadecimal digits", { source, start: at - 1, end: at + 1 });
    }
    out.u8(parseInt(text.slice(at + 1, run), 16));
    return run;
  }
  const octal = digits(text, at, Math.min(end, at + 3), 8);
  if (octal > at) {
    // Like dtc, \777 keeps its lowest eight bits.
    out.u8(parseInt(text.slice(at, octal), 8) & 0xff);
    return octal;
  }
  const known = letters[letter];
  if (known === undefined && source.encoding === "bytes") {
    out.u8(text.charCodeAt(at));
    return at + 1;
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (known === undefined) out.bytes(new TextEncoder().encode(character));
  else out.u8(known);
  return at + character.length;
}

function digits(text: string, from: number, end: number, base: 8 | 16): number {
  let at = from;
  while (at < end) {
    const value = hexDigit(text.charCodeAt(at));
    if (value < 0 || value >= base) break;
    at++;
  }
  return at;
}
