import { Cursor } from "../../blob/cursor.ts";
import { FDT_LAST_COMPATIBLE_VERSION, Token } from "../../blob/format.ts";
import { readHeader } from "../../blob/header.ts";
import { PropertyNames } from "../../blob/names.ts";
import type { Output } from "../../print/output.ts";
import { readPrintable } from "./types.ts";

const tagNames: Readonly<Record<number, string>> = {
  [Token.beginNode]: "FDT_BEGIN_NODE",
  [Token.endNode]: "FDT_END_NODE",
  [Token.prop]: "FDT_PROP",
  [Token.nop]: "FDT_NOP",
};

/**
 * Writes the structure block token by token, as it stands in a blob that `decode` has taken: NOPs, paths and `name`s of
 * versions before 16 too. With `debug`, comments say where in the blob each thing stands.
 */
export function dumpTokens(out: Output, blob: Uint8Array, debug: boolean): void {
  const header = readHeader(blob);
  const old = header.version < FDT_LAST_COMPATIBLE_VERSION;
  const names = new PropertyNames(blob, header);
  const cursor = new Cursor(blob, header.structure.start, header.structure.end, "structure block");
  const note = (at: number, what: string): void => {
    if (debug) out.line(`// ${at.toString(16).padStart(4, "0")}: ${what}`);
  };
  let indent = "";
  for (;;) {
    const at = cursor.offset;
    const token = cursor.u32();
    if (token === Token.end) return;
    note(at, `tag: 0x${token.toString(16).padStart(8, "0")} (${tagNames[token] ?? "FDT_???"})`);
    if (token === Token.beginNode) {
      out.line(`${indent}${cursor.name() || "/"} {`);
      cursor.align(4);
      indent += "    ";
    } else if (token === Token.endNode) {
      indent = indent.slice(4);
      out.line(`${indent}};`);
    } else if (token === Token.prop) {
      const length = cursor.u32();
      const from = cursor.offset;
      const offset = cursor.u32();
      const name = names.at(offset, from);
      if (old && length >= 8) cursor.align(8);
      note(header.strings.start + offset, `string: ${name}`);
      note(cursor.offset, "value");
      out.line(`${indent}${name}${printBytes(cursor.bytes(length))};`);
      cursor.align(4);
    } else out.line(`${indent}// [NOP]`);
  }
}

/** Strings, cells or bytes, whichever the value looks like. */
function printBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return "";
  const strings = readPrintable(bytes);
  if (strings) return ` = ${strings.map((each) => `"${each}"`).join(", ")}`;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  if (bytes.length % 4 !== 0) return ` = [${digits.join(" ")}]`;
  return ` = <${(digits.join("").match(/.{8}/g) ?? []).map((cell) => `0x${cell}`).join(" ")}>`;
}
