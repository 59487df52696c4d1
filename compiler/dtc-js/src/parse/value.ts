import { Writer } from "../blob/writer.ts";
import { ByteStore } from "../byte-store.ts";
import { fileAt, type Span } from "../span.ts";
import type { Marker, Value, ValueType } from "../tree.ts";
import { UNRESOLVED_PHANDLE } from "../value.ts";
import { Char, hexDigit } from "./chars.ts";
import { writeEscaped } from "./escapes.ts";
import { takeInteger } from "./expression.ts";
import { StatementFault, type Complain } from "./fault.ts";
import { startsLiteral, takeLiteral, type Integer } from "./literal.ts";
import type { ParseOptions } from "./options.ts";
import type { Mark, Scanner } from "./scanner.ts";
import {
  beginsLabel,
  expect,
  expectReference,
  takeKeyword,
  takeLabels,
  takeReference,
  unexpected,
  wordLength,
} from "./tokens.ts";

/** Reads values one after the other into one buffer. */
export class ValueReader {
  readonly #scanner: Scanner;
  readonly #complain: Complain;
  readonly #out = new Writer();
  readonly #store = new ByteStore();
  readonly #markers: Marker[] = [];
  readonly #options: ParseOptions;

  /** `complain` takes mistakes that leave the rest of the value readable. */
  constructor(scanner: Scanner, complain: Complain, options: ParseOptions) {
    this.#scanner = scanner;
    this.#complain = complain;
    this.#options = options;
  }

  /** What stands between `=` and `;`. */
  read(): Value {
    this.#out.clear();
    this.#markers.length = 0;
    do {
      this.#labels();
      this.#part();
      this.#labels();
    } while (this.#scanner.eat(Char.comma));
    const bytes = this.#store.take(this.#out.length);
    this.#out.copyTo(bytes);
    // A copy has room for what it holds; an array that grew has room for a dozen more.
    return { bytes, markers: this.#markers.slice() };
  }

  #part(): void {
    const scanner = this.#scanner;
    const mark = scanner.mark();
    switch (scanner.peek()) {
      case Char.quote:
        this.#string(mark);
        break;
      case Char.less:
        this.#list(mark, 32);
        break;
      case Char.openBracket:
        this.#bytes(mark);
        break;
      case Char.ampersand:
        this.#path(mark);
        break;
      case Char.slash:
        this.#keyword(mark);
        break;
      default:
        throw unexpected(scanner, "a value");
    }
  }

  #labels(): void {
    for (const { name, span } of takeLabels(this.#scanner)) {
      this.#markers.push({ kind: "label", offset: this.#out.length, name, span });
    }
  }

  /** The span of a type marker grows until its list is complete. */
  #open(type: ValueType, { source, offset }: Mark): OpenSpan {
    const span = { source, start: offset, end: offset };
    this.#markers.push({ kind: "type", offset: this.#out.length, type, span });
    return span;
  }

  #close(span: OpenSpan): void {
    const { source, offset } = this.#scanner.lastEnd;
    if (source === span.source) span.end = offset;
  }

  #string(mark: Mark): void {
    const scanner = this.#scanner;
    const open = this.#open("string", mark);
    const end = endOfString(scanner.text, scanner.offset + 1);
    if (end < 0) throw new StatementFault("syntax", "this string has no end", scanner.spanHere());
    scanner.advance(end + 1 - scanner.offset);
    const span = scanner.spanFrom(mark);
    writeEscaped(this.#out, { source: span.source, start: span.start + 1, end });
    this.#out.u8(0);
    this.#close(open);
  }

  #path(mark: Mark): void {
    const open = this.#open("string", mark);
    const target = expectReference(this.#scanner);
    const span = this.#scanner.spanFrom(mark);
    this.#markers.push({ kind: "path", offset: this.#out.length, length: 0, target, span });
    this.#close(open);
  }

  #bytes(mark: Mark): void {
    const scanner = this.#scanner;
    const open = this.#open("uint8", mark);
    scanner.advance(1);
    for (;;) {
      this.#labels();
      if (scanner.eat(Char.closeBracket)) break;
      this.#byteRun();
    }
    this.#close(open);
  }

  /** Bytes without space between them, up to a label. Each could begin one: the run's end is looked up once for all. */
  #byteRun(): void {
    const scanner = this.#scanner;
    scanner.peek();
    const length = wordLength(scanner);
    const end = scanner.offset + length;
    const endsInLabel = scanner.at(length) === Char.colon;
    do {
      const high = hexDigit(scanner.at(0));
      const low = hexDigit(scanner.at(1));
      if (high < 0 || low < 0) throw unexpected(scanner, 'a byte of two hexadecimal digits, or "]"');
      this.#out.u8(high * 16 + low);
      scanner.advance(2);
    } while (scanner.offset < end && !(endsInLabel && beginsLabel(scanner.at(0))));
  }

  #keyword(mark: Mark): void {
    const scanner = this.#scanner;
    const word = takeKeyword(scanner);
    if (word === "/incbin/") {
      this.#incbin(mark);
      return;
    }
    if (word !== "/bits/") throw unexpected(scanner, "a value");
    const sizeMark = scanner.mark();
    if (!startsLiteral(scanner)) throw unexpected(scanner, "8, 16, 32 or 64");
    const bits = Number(takeLiteral(scanner));
    if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) {
      const message = `array elements have 8, 16, 32 or 64 bits, not ${bits}`;
      throw new StatementFault("literal", message, scanner.spanFrom(sizeMark));
    }
    if (scanner.peek() !== Char.less) throw unexpected(scanner, '"<"');
    this.#list(mark, bits);
  }

  /** `/incbin/("file")` or `/incbin/("file", offset, length)` */
  #incbin(mark: Mark): void {
    const scanner = this.#scanner;
    expect(scanner, Char.openParen);
    const path = scanner.take(/"([^"\\\n]+)"/y)?.[1];
    if (path === undefined) throw unexpected(scanner, "the name of a file in quotes");
    let part: { readonly offset: number; readonly length: number } | undefined;
    if (scanner.eat(Char.comma)) {
      const offset = Number(takeInteger(scanner));
      expect(scanner, Char.comma);
      part = { offset, length: Number(takeInteger(scanner)) };
    }
    expect(scanner, Char.closeParen);
    const span = scanner.spanFrom(mark);
    const { binary } = this.#options;
    const bytes = binary?.(path, fileAt(span));
    if (!bytes) {
      const why = binary ? "there is no such file" : "no resolver for binaries was given";
      throw new StatementFault("include", `"${path}" cannot be included: ${why}`, span);
    }
    const { offset, length } = part ?? { offset: 0, length: bytes.length };
    if (offset > Number.MAX_SAFE_INTEGER) {
      throw new StatementFault("include", `"${path}" has no byte ${offset}`, span);
    }
    if (length > bytes.length - offset) {
      this.#complain(
        "include",
        `"${path}" ends before byte ${offset + length}: its ${bytes.length} are taken`,
        span,
        "warning",
      );
    }
    this.#markers.push({ kind: "type", offset: this.#out.length, type: "unknown", span });
    this.#out.bytes(bytes.subarray(offset, offset + length));
  }

  #list(mark: Mark, bits: 8 | 16 | 32 | 64): void {
    const scanner = this.#scanner;
    const open = this.#open(`uint${bits}`, mark);
    expect(scanner, Char.less);
    for (let code = scanner.peek(); code !== Char.greater; code = scanner.peek()) {
      if (code === Char.ampersand) this.#phandle(bits);
      else if (beginsLabel(code)) this.#expectLabels();
      else this.#element(bits);
    }
    scanner.advance(1);
    this.#close(open);
  }

  #expectLabels(): void {
    const before = this.#markers.length;
    this.#labels();
    if (this.#markers.length === before) throw unexpected(this.#scanner, 'a number, a reference or ">"');
  }

  #phandle(bits: number): void {
    const scanner = this.#scanner;
    const mark = scanner.mark();
    const target = takeReference(scanner);
    if (target === undefined) throw unexpected(scanner, "a reference (&label or &{/path})");
    const span = scanner.spanFrom(mark);
    if (bits !== 32) throw new StatementFault("literal", "a reference needs an element of 32 bits", span);
    this.#markers.push({ kind: "phandle", offset: this.#out.length, target, span });
    this.#out.u32(UNRESOLVED_PHANDLE);
  }

  #overflow(value: Integer, bits: 8 | 16 | 32 | 64, span: Span): void {
    if (this.#options.overflow === "truncate") {
      const cut = BigInt.asUintN(bits, BigInt(value));
      this.#complain("literal", `Value ${hex(value, 64)} truncated to ${hex(cut, bits)}`, span, "warning");
    } else this.#complain("literal", `this value does not fit in ${bits} bits`, span);
  }

  #element(bits: 8 | 16 | 32 | 64): void {
    const scanner = this.#scanner;
    scanner.peek();
    const { source, offset } = scanner;
    const value = takeInteger(scanner);
    if (!fits(value, bits)) {
      this.#overflow(value, bits, scanner.spanFrom({ source, offset }));
    }
    writeInteger(this.#out, value, bits);
  }
}

/** Of so many bits, all digits. */
const hex = (value: Integer, bits: number): string =>
  `0x${BigInt(value)
    .toString(16)
    .padStart(bits / 4, "0")}`;

interface OpenSpan extends Span {
  end: number;
}

/** Where the closing quote is, or -1. A backslash at the end of a line is no escape. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === Char.quote) return at;
    if (code === Char.backslash && text.charCodeAt(++at) === Char.newline) return -1;
  }
  return -1;
}

const limits = { 8: 2 ** 8, 16: 2 ** 16, 32: 2 ** 32, 64: 2 ** 64 } as const;

/** Also negative numbers in two's complement, that is, all higher bits set. */
function fits(value: Integer, bits: 8 | 16 | 32 | 64): boolean {
  if (typeof value === "number") return value < limits[bits];
  const limit = 2n ** BigInt(bits);
  const signed = BigInt.asIntN(64, value);
  return value < limit || (signed < 0n && signed >= -limit);
}

function writeInteger(out: Writer, value: Integer, bits: 8 | 16 | 32 | 64): void {
  // What is put into bytes loses its higher bits by itself.
  const low = typeof value === "number" ? value : Number(BigInt.asUintN(32, value));
  switch (bits) {
    case 8:
      out.u8(low & 0xff);
      break;
    case 16:
      out.u16(low & 0xffff);
      break;
    case 32:
      out.u32(low);
      break;
    case 64:
      out.u64(BigInt(value));
      break;
  }
}
