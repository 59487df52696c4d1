import type { Reference, ValueType } from "../tree.ts";

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
  const width = widths[type];
  const items: string[] = [];
  for (let at = 0; at < bytes.length; at += width) {
    let digits = "";
    for (const byte of bytes.subarray(at, at + width)) digits += byte.toString(16).padStart(2, "0");
    // dtc pads to two digits, whatever the width.
    items.push(width === 1 ? digits : `0x${digits.replace(/^0+(?=..)/, "")}`);
  }
  return items.join(" ");
}

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
  return escapes[byte] ?? (printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`);
});

/** A quoted string without the NUL that ends `bytes`. */
export function printString(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (const byte of bytes.subarray(0, -1)) pieces.push(character[byte] ?? "");
  return `"${pieces.join("")}"`;
}

export const printReference = (target: Reference): string => (target.includes("/") ? `&{${target}}` : `&${target}`);
