import { Writer } from "../blob/writer.ts";
import { endOfQuoted } from "../quoted.ts";
import { Char, hexDigit, isDigit } from "./chars.ts";
import { writeEscaped } from "./escapes.ts";
import { StatementFault } from "./fault.ts";
import type { Scanner } from "./scanner.ts";

/** A number as the scanner gives it: `number` as long as that is exact. */
export type Integer = number | bigint;

const suffix = /U?LL?|U/y;
const upperL = 0x4c;
const upperU = 0x55;

/** Whether an integer literal stands here; C's octal, decimal and hexadecimal, with U, L, UL, LL or ULL. */
export const startsLiteral = (scanner: Scanner): boolean => isDigit(scanner.peek());

export function takeLiteral(scanner: Scanner): Integer {
  scanner.peek();
  const { source, offset: start } = scanner;
  const hex = scanner.at(0) === Char.zero && (scanner.at(1) | 0x20) === 0x78 && hexDigit(scanner.at(2)) >= 0;
  const from = hex ? 2 : 0;
  let length = from;
  while (hex ? hexDigit(scanner.at(length)) >= 0 : isDigit(scanner.at(length))) length++;
  const digits = scanner.text.slice(start + from, start + length);
  scanner.advance(length);
  const next = scanner.at(0);
  if (next === upperL || next === upperU) {
    suffix.lastIndex = scanner.offset;
    scanner.advance(suffix.exec(scanner.text)?.[0].length ?? 0);
  }
  const octal = !hex && digits.length > 1 && digits.startsWith("0");
  if (octal && /[89]/.test(digits)) {
    throw new StatementFault(
      "literal",
      `"${digits}" begins with 0 but is not octal`,
      scanner.spanFrom({ source, offset: start }),
    );
  }
  const short = Number.parseInt(digits, hex ? 16 : octal ? 8 : 10);
  if (short <= Number.MAX_SAFE_INTEGER) return short;
  // Longer than 25 digits of any base cannot fit, leading zeros aside; this also bounds the conversion.
  const exact = digits.replace(/^0+/, "");
  const value = exact.length > 25 ? 2n ** 64n : BigInt(`${hex ? "0x" : octal ? "0o" : ""}${exact}`);
  if (value >= 2n ** 64n) {
    throw new StatementFault(
      "literal",
      "this number does not fit in 64 bits",
      scanner.spanFrom({ source, offset: start }),
    );
  }
  return value;
}

/** `'a'`: the value of exactly one character, escapes allowed. */
export function takeCharacter(scanner: Scanner): number {
  const mark = scanner.mark();
  const end = endOfQuoted(scanner.text, scanner.offset);
  if (end < 0) throw new StatementFault("literal", "this character literal has no end", scanner.spanHere());
  scanner.advance(end - scanner.offset);
  const span = scanner.spanFrom(mark);
  const out = new Writer(8);
  writeEscaped(out, { ...span, start: span.start + 1, end: span.end - 1 });
  const [value, ...more] = out.finish();
  if (value === undefined || more.length > 0) {
    const message = `a character literal holds one character (one byte), not ${out.length}`;
    throw new StatementFault("literal", message, span);
  }
  return value;
}
