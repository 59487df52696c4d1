import { findNode, getProperty } from "../../find.ts";
import type { DeviceTree, Node } from "../../tree.ts";
import { Exit, type CommandSpec } from "../command.ts";
import type { Host } from "../host.ts";
import { failAt, readTree } from "./blob-file.ts";
import { fullPath } from "./full-path.ts";
import { anyFormat, parseFormat, readPrintable, textOf, typeHelp, type ValueFormat } from "./types.ts";

export const fdtget: CommandSpec = {
  name: "fdtget",
  synopsis:
    "read values from device tree\n\tfdtget <options> <dt file> [<node> <property>]...\n" +
    `\tfdtget -p <options> <dt file> [<node> ]...\n\nEach value is printed on a new line.\n${typeHelp}`,
  options: [
    { short: "t", long: "type", takesValue: true, help: "Type of data" },
    { short: "p", long: "properties", help: "List properties for each node" },
    { short: "l", long: "list", help: "List subnodes for each node" },
    { short: "d", long: "default", takesValue: true, help: "Default value to display when the property is missing" },
    { short: "h", long: "help", help: "Print this help and exit" },
    { short: "V", long: "version", help: "Print version and exit" },
  ],
  run(host, { options, operands }, fail) {
    let format: ValueFormat = anyFormat;
    let list: "properties" | "children" | undefined;
    let missing: string | undefined;
    for (const { short, value } of options) {
      if (short === "t") format = parseFormat(value) ?? fail("invalid type string");
      else if (short === "p") list = "properties";
      else if (short === "l") list = "children";
      else missing = value;
    }
    const [file, ...targets] = operands;
    if (file === undefined) return fail("missing filename");
    if (!list && targets.length % 2 !== 0) fail("must have an even number of arguments");
    const { tree } = readTree(host, file, targets[0] ?? "/");
    if (list) listNodes(host, tree, list, targets, missing);
    else printValues(host, tree, format, targets, missing);
    return 0;
  },
};

function listNodes(
  host: Host,
  tree: DeviceTree,
  what: "properties" | "children",
  paths: readonly string[],
  missing: string | undefined,
): void {
  for (const path of paths) {
    const full = fullPath(tree, path);
    const node = full === undefined ? undefined : findNode(tree, full);
    if (node) {
      // As libfdt, which knows an empty name of a node as the root's.
      for (const { name } of node[what]) host.print(`${name === "" && what === "children" ? "/" : name}\n`);
    } else if (missing !== undefined) host.print(`${missing}\n`);
    else failAt(path, full === undefined ? "FDT_ERR_BADPATH" : "FDT_ERR_NOTFOUND");
  }
}

function printValues(
  host: Host,
  tree: DeviceTree,
  format: ValueFormat,
  targets: readonly string[],
  missing: string | undefined,
): void {
  for (let index = 0; index < targets.length; index += 2) {
    const [path = "", name = ""] = targets.slice(index, index + 2);
    const full = fullPath(tree, path);
    const node: Node | undefined = full === undefined ? undefined : findNode(tree, full);
    const property = node && getProperty(node, name);
    if (property) host.print(printValue(property.value.bytes, format));
    else if (missing !== undefined) host.print(`${missing}\n`);
    else failAt(node ? name : path, full === undefined ? "FDT_ERR_BADPATH" : "FDT_ERR_NOTFOUND");
  }
}

/** The value and a newline. */
function printValue(bytes: Uint8Array, format: ValueFormat): string {
  const { kind } = format;
  if (kind === "r") return `${textOf(bytes)}\n`;
  if (bytes.length === 0) return "\n";
  if (kind === "s") {
    if (bytes.at(-1) !== 0) throw new Exit(1, "Unterminated string\n");
    return `${textOf(bytes.subarray(0, -1)).split("\0").join(" ")}\n`;
  }
  const strings = kind === undefined && format.width === undefined ? readPrintable(bytes) : undefined;
  return `${strings ? strings.join(" ") : printNumbers(bytes, format)}\n`;
}

function printNumbers(bytes: Uint8Array, { kind, width }: ValueFormat): string {
  const size = width ?? (bytes.length % 4 === 0 ? 4 : 1);
  if (bytes.length % size !== 0) throw new Exit(1, "Property length must be a multiple of selected data size\n");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const items: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const number = size === 4 ? view.getUint32(at) : size === 2 ? view.getUint16(at) : view.getUint8(at);
    // As in C: a byte and a half-word fit an int whatever they are.
    const shown = kind === "u" ? number : number | 0;
    items.push(kind === "x" ? number.toString(16) : `${shown}`);
  }
  return items.join(" ");
}
