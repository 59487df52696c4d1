import type { DeviceTree, Node, Property, TypeMarker, Value } from "../tree.ts";
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
  for (const property of node.properties) lines.push(printProperty(property, indent));
  for (const child of node.children) {
    // libyaml writes a tag where it has to quote a name that its user gave it as plain.
    const name = needsQuotes(child.name) ? `! '${child.name}'` : child.name;
    const key = keyOf(name, indent);
    if (child.properties.length + child.children.length === 0) {
      lines.push(`${indent}${key} {}`);
      continue;
    }
    const first = isLong(name) ? lines.length : lines.push(`${indent}${key}`);
    writeNode(lines, child, `${indent}  `);
    if (isLong(name)) lines[first] = `${indent}${key} ${lines[first]?.trimStart()}`;
  }
}

/** libyaml writes a key that is longer than that in lines of its own. */
const isLong = (name: string): boolean => name.length > 128;

const keyOf = (name: string, indent: string): string => (isLong(name) ? `? ${name}\n${indent}:` : `${name}:`);

/** Whether YAML would read the name as something else. */
const needsQuotes = (name: string): boolean => /^(?:[#,&*@]|---|\.\.\.|[-?]$)/.test(name);

function printProperty({ name, value }: Property, indent: string): string {
  const line = new Line(`${indent}${keyOf(needsQuotes(name) ? `'${name}'` : name, indent)} `);
  if (value.bytes.length === 0) line.put("true");
  else {
    const types = value.markers.filter((marker): marker is TypeMarker => marker.kind === "type");
    const groups = types.flatMap((marker, index) => {
      const group = groupWriter(value, marker, types[index + 1]?.offset ?? value.bytes.length, indent.length + 4);
      return group ?? [];
    });
    writeSequence(line, groups, indent.length + 2);
  }
  return line.text;
}

/** Where libyaml goes to a new line, at the next place that allows it. */
const WIDTH = 80;

/** What is written of one property: more than one line, where it is long. */
class Line {
  text: string;
  column: number;

  constructor(start: string) {
    this.text = start;
    this.column = start.length - start.lastIndexOf("\n") - 1;
  }

  put(text: string): void {
    this.text += text;
    this.column += text.length;
  }

  wrap(indent: number): void {
    this.text += `\n${" ".repeat(indent)}`;
    this.column = indent;
  }
}

type Write = (line: Line) => void;

function writeSequence(line: Line, items: readonly Write[], indent: number): void {
  line.put("[");
  items.forEach((item, index) => {
    if (index > 0) line.put(",");
    if (line.column > WIDTH) line.wrap(indent);
    else if (index > 0) line.put(" ");
    item(line);
  });
  line.put("]");
}

function groupWriter(value: Value, { type, offset }: TypeMarker, end: number, indent: number): Write | undefined {
  if (type === "unknown") return undefined;
  if (type === "string") {
    return (line) => {
      writeQuoted(line, value.bytes.subarray(offset, end - 1), indent);
    };
  }
  const width = widths[type];
  const phandles = new Set<number>();
  for (const { kind, offset: at } of value.markers) if (kind === "phandle") phandles.add(at);
  const items: Write[] = [];
  for (let at = offset; at + width <= end; at += width) {
    const text = `${phandles.has(at) ? "!phandle " : ""}0x${numberAt(value.bytes, at, width).toString(16)}`;
    items.push((line) => {
      line.put(text);
    });
  }
  return (line) => {
    if (type !== "uint32") line.put(`!u${width * 8} `);
    writeSequence(line, items, indent);
  };
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

/** A long string goes on behind a space in the next line; a second space there would be lost without its backslash. */
function writeQuoted(line: Line, bytes: Uint8Array, indent: number): void {
  line.put('"');
  let afterSpace = false;
  bytes.forEach((byte, index) => {
    const isSpace = byte === 0x20;
    if (isSpace && !afterSpace && line.column > WIDTH && index > 0 && index < bytes.length - 1) {
      line.wrap(indent);
      if (bytes[index + 1] === 0x20) line.put("\\");
    } else line.put(quoted(byte));
    afterSpace = isSpace;
  });
  line.put('"');
}

function quoted(byte: number): string {
  const character = String.fromCharCode(byte);
  const hidden = byte < 0x20 || byte > 0x7e;
  return escapes[character] ?? (hidden ? `\\x${byte.toString(16).padStart(2, "0").toUpperCase()}` : character);
}
