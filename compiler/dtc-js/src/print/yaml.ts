import { MAX_PRINTED } from "../limits.ts";
import type { DeviceTree, Node, Property, TypeMarker } from "../tree.ts";
import { wordAt } from "../words.ts";
import { widths } from "./literal.ts";
import { PrintError } from "./output.ts";

/**
 * The tree for YAML validators: `dtc -O yaml`. Needs the types that only a source has. Throws a `PrintError` as `print`
 * does.
 */
export function printYaml(tree: DeviceTree): string {
  const lines = new Lines();
  writeNode(lines, tree.root, "  ");
  const [first] = lines.all;
  if (first === undefined) return "---\n- {}\n...\n";
  return `---\n- ${lines.all.join("\n").trimStart()}\n...\n`;
}

class Lines {
  readonly all: string[] = [];
  #length = 0;

  add(line: string): void {
    this.#length += line.length + 1;
    if (this.#length > MAX_PRINTED) throw new PrintError();
    this.all.push(line);
  }
}

function writeNode(lines: Lines, node: Node, indent: string): void {
  for (const property of node.properties) lines.add(printProperty(property, indent));
  for (const child of node.children) {
    // libyaml writes a tag where it has to quote a name that its user gave it as plain.
    const key = keyOf(child.name, needsQuotes(child.name) ? `! '${child.name}'` : child.name, indent);
    if (child.properties.length + child.children.length === 0) {
      lines.add(`${indent}${key} {}`);
      continue;
    }
    if (!isLong(child.name)) lines.add(`${indent}${key}`);
    const first = lines.all.length;
    writeNode(lines, child, `${indent}  `);
    if (isLong(child.name)) lines.all[first] = `${indent}${key} ${lines.all[first]?.trimStart()}`;
  }
}

/** libyaml writes a key that is longer than that in lines of its own. */
const isLong = (name: string): boolean => name.length > 128;

const keyOf = (name: string, written: string, indent: string): string =>
  isLong(name) ? `? ${written}\n${indent}:` : `${written}:`;

/** Whether YAML would read the name as something else. */
const needsQuotes = (name: string): boolean => /^(?:[#,&*@]|---|\.\.\.|[-?]$)/.test(name);

function printProperty({ name, value }: Property, indent: string): string {
  const line = new Line(`${indent}${keyOf(name, needsQuotes(name) ? `'${name}'` : name, indent)} `);
  if (value.bytes.length === 0) line.put("true");
  else {
    const types = value.markers.filter((marker): marker is TypeMarker => marker.kind === "type");
    const phandles = new Set<number>();
    for (const { kind, offset } of value.markers) if (kind === "phandle") phandles.add(offset);
    const groups = types.flatMap((marker, index) => {
      const end = types[index + 1]?.offset ?? value.bytes.length;
      return groupWriter({ bytes: value.bytes, phandles, end }, marker, indent.length + 4) ?? [];
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
    if (this.text.length + text.length > MAX_PRINTED) throw new PrintError();
    this.text += text;
    this.column += text.length;
  }

  wrap(indent: number): void {
    this.put(`\n${" ".repeat(indent)}`);
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

interface Group {
  readonly bytes: Uint8Array;
  /** Where the references to nodes are. */
  readonly phandles: ReadonlySet<number>;
  readonly end: number;
}

function groupWriter({ bytes, phandles, end }: Group, { type, offset }: TypeMarker, indent: number): Write | undefined {
  if (type === "unknown") return undefined;
  if (type === "string") {
    return (line) => {
      writeQuoted(line, bytes.subarray(offset, end - 1), indent);
    };
  }
  const width = widths[type];
  const items: Write[] = [];
  for (let at = offset; at + width <= end; at += width) {
    const text = `${phandles.has(at) ? "!phandle " : ""}0x${numberAt(bytes, at, width).toString(16)}`;
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
