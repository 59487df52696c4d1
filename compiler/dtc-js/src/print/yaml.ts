import type { DeviceTree, Marker, Node, Property, TypeMarker, Value } from "../tree.ts";
import { wordAt } from "../words.ts";
import { widths } from "./literal.ts";

/** The tree for YAML validators: `dtc -O yaml`. Needs the types that only a source has. */
export function printYaml(tree: DeviceTree): string {
  const lines: string[] = [];
  writeNode(lines, tree.root, "  ");
  if (lines.length === 0) return "---\n- {}\n...\n";
  return `---\n- ${(lines[0] ?? "").trimStart()}\n${lines
    .slice(1)
    .map((line) => `${line}\n`)
    .join("")}...\n`;
}

function writeNode(lines: string[], node: Node, indent: string): void {
  for (const property of node.properties) lines.push(`${indent}${key(property.name)}: ${printProperty(property)}`);
  for (const child of node.children) {
    if (child.properties.length + child.children.length === 0) {
      lines.push(`${indent}${key(child.name)}: {}`);
      continue;
    }
    lines.push(`${indent}${key(child.name)}:`);
    writeNode(lines, child, `${indent}  `);
  }
}

/** Names that YAML would read as something else stand in quotes. */
const key = (name: string): string => (/^[#@*&?,-]/.test(name) ? `'${name}'` : name);

function printProperty({ value }: Property): string {
  if (value.bytes.length === 0) return "true";
  const types = value.markers.filter((marker): marker is TypeMarker => marker.kind === "type");
  const groups = types.map((marker, index) => {
    const end = types[index + 1]?.offset ?? value.bytes.length;
    return printGroup(value, marker, end);
  });
  return `[${groups.filter((group) => group !== undefined).join(", ")}]`;
}

function printGroup(value: Value, { type, offset }: TypeMarker, end: number): string | undefined {
  if (type === "unknown") return undefined;
  if (type === "string") return quote(value.bytes.subarray(offset, end - 1));
  const width = widths[type];
  const items: string[] = [];
  for (let at = offset; at + width <= end; at += width) {
    const phandle = value.markers.some((marker: Marker) => marker.kind === "phandle" && marker.offset === at);
    items.push(`${phandle ? "!phandle " : ""}0x${numberAt(value.bytes, at, width).toString(16)}`);
  }
  const tag = type === "uint32" ? "" : `!u${width * 8} `;
  return `${tag}[${items.join(", ")}]`;
}

function numberAt(bytes: Uint8Array, at: number, width: number): bigint {
  if (width === 8) return (BigInt(wordAt(bytes, at)) << 32n) | BigInt(wordAt(bytes, at + 4));
  if (width === 4) return BigInt(wordAt(bytes, at));
  return width === 2 ? BigInt((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)) : BigInt(bytes[at] ?? 0);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
};

function quote(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    const hidden = byte < 0x20 || byte > 0x7e;
    return escapes[character] ?? (hidden ? `\\x${byte.toString(16).padStart(2, "0").toUpperCase()}` : character);
  });
  return `"${text.join("")}"`;
}
