import type { Reference, ValueType } from "../tree.ts";
import { latin1 } from "../latin1.ts";
import { wordAt } from "../words.ts";

/** What stands before and after the items of a type. */
export const delimiters: Readonly<Record<ValueType, readonly [string, string]>> = {
  uint8: ["[", "]"],
  uint16: ["/bits/ 16 <", ">"],
  uint32: ["<", ">"],
  uint64: ["/bits/ 64 <", ">"],
  string: ["", ""],
};

export const widths = { uint8: 1, uint16: 2, uint32: 4, uint64: 8 } as const;

/** Numbers, separated by spaces: `0x01 0x2a`, or `01 2a` for bytes. */
export function printNumbers(bytes: Uint8Array, type: Exclude<ValueType, "string">): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += widths[type]) {
    if (at > 0) text += " ";
    text += type === "uint8" ? (hex[bytes[at] ?? 0] ?? "") : `0x${digitsOf(bytes, at, type)}`;
  }
  return text;
}

const hex: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** At least two, whatever the width: as dtc pads them. */
function digitsOf(bytes: Uint8Array, at: number, type: "uint16" | "uint32" | "uint64"): string {
  if (type === "uint16") return short(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  const first = wordAt(bytes, at);
  if (type === "uint32") return short(first);
  const second = wordAt(bytes, at + 4);
  return first === 0 ? short(second) : first.toString(16) + second.toString(16).padStart(8, "0");
}

const short = (value: number): string => hex[value] ?? value.toString(16);

const escapes: Readonly<Record<number, string>> = {
  0x00: "\\0",
  0x07: "\\a",
  0x08: "\\b",
  0x09: "\\t",
  0x0a: "\\n",
  0x0b: "\\v",
  0x0c: "\\f",
  0x0d: "\\r",
  0x22: '\\"',
  0x5c: "\\\\",
};

/** How each byte is written inside of quotes. */
const character: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const printable = byte >= 0x20 && byte < 0x7f;
  return escapes[byte] ?? (printable ? String.fromCharCode(byte) : `\\x${hex[byte] ?? ""}`);
});

/** A quoted string without the NUL that ends `bytes`. */
export function printString(bytes: Uint8Array): string {
  const plain = latin1(bytes, 0, bytes.length - 1);
  if (!needsEscape.test(plain)) return `"${plain}"`;
  let text = '"';
  for (let at = 0; at < bytes.length - 1; at++) text += character[bytes[at] ?? 0] ?? "";
  return `${text}"`;
}

/** Most strings are names. */
const needsEscape = /[^ !#-[\]-~]/;

export const printReference = (target: Reference): string => (target.includes("/") ? `&{${target}}` : `&${target}`);
