import { encode } from "../../blob/encode.ts";
import { node, property } from "../../build.ts";
import { removeNode, removeProperty, updateNode } from "../../edit.ts";
import { findChild, findNode, getProperty } from "../../find.ts";
import type { DeviceTree, Node } from "../../tree.ts";
import { raw } from "../../value.ts";
import { Exit, type CommandSpec } from "../command.ts";
import type { Host } from "../host.ts";
import { failAt, readTree } from "./blob-file.ts";
import { fullPath } from "./full-path.ts";
import { anyFormat, parseFormat, typeHelp, type ValueFormat } from "./types.ts";

type Action = "write" | "create" | "remove" | "delete";

export const fdtput: CommandSpec = {
  name: "fdtput",
  synopsis:
    "write a property value to a device tree\n\tfdtput <options> <dt file> <node> <property> [<value>...]\n" +
    "\tfdtput -c <options> <dt file> [<node>...]\n\tfdtput -r <options> <dt file> [<node>...]\n" +
    "\tfdtput -d <options> <dt file> <node> [<property>...]\n\n" +
    `The command line arguments are joined together into a single value.\n${typeHelp}`,
  options: [
    { short: "c", long: "create", help: "Create nodes" },
    { short: "r", long: "remove", help: "Delete nodes (and any subnodes)" },
    { short: "d", long: "delete", help: "Delete properties if they already exist" },
    { short: "p", long: "auto-path", help: "Automatically create nodes as needed for the node path" },
    { short: "t", long: "type", takesValue: true, help: "Type of data" },
    { short: "v", long: "verbose", help: "Display each value decoded from command line" },
    { short: "h", long: "help", help: "Print this help and exit" },
    { short: "V", long: "version", help: "Print version and exit" },
  ],
  run(host, { options, operands }, fail) {
    let action: Action = "write";
    let format: ValueFormat = anyFormat;
    let [autoPath, verbose] = [false, false];
    for (const { short, value } of options) {
      if (short === "c") action = "create";
      else if (short === "r") action = "remove";
      else if (short === "d") action = "delete";
      else if (short === "p") autoPath = true;
      else if (short === "v") verbose = true;
      else format = parseFormat(value) ?? fail("Invalid type string");
    }
    if (format.kind === "r") fail("Unsupported raw data type");
    const [file, first, ...rest] = operands;
    if (file === undefined) return fail("missing filename");
    if (first === undefined && (action === "write" || action === "delete")) fail("missing node");
    if (rest.length === 0 && action === "write") fail("missing property");
    const { tree, names } = readTree(host, file, first ?? "/");
    const changed = change(host, tree, { action, format, autoPath, verbose }, operands.slice(1));
    host.write(file, encode(changed, { names }));
    return 0;
  },
};

interface Orders {
  readonly action: Action;
  readonly format: ValueFormat;
  readonly autoPath: boolean;
  readonly verbose: boolean;
}

function change(host: Host, tree: DeviceTree, orders: Orders, operands: readonly string[]): DeviceTree {
  const [first = "", second = "", ...values] = operands;
  switch (orders.action) {
    case "create":
      return operands.reduce((changed, path) => create(changed, path, orders.autoPath), tree);
    case "remove":
      return operands.reduce((changed, path) => {
        return removeNode(changed, existing(changed, path));
      }, tree);
    case "delete":
      return operands.slice(1).reduce((changed, name) => {
        const path = existing(changed, first);
        const target = findNode(changed, path);
        if (!target || !getProperty(target, name)) failAt(first, "FDT_ERR_NOTFOUND");
        return removeProperty(changed, path, name);
      }, tree);
    case "write": {
      const bytes = encodeValue(host, values, orders);
      const ready = orders.autoPath ? create(tree, first, true) : tree;
      return updateNode(ready, existing(ready, first), (target) => setInFront(target, second, bytes));
    }
  }
}

/** As libfdt: what is new stands before everything that was there. */
function setInFront(target: Node, name: string, bytes: Uint8Array): Node {
  const made = property(name, raw(bytes));
  const known = target.properties.findIndex((each) => each.name === name);
  const properties = known < 0 ? [made, ...target.properties] : target.properties.with(known, made);
  return { ...target, properties };
}

/** The full path of a node, which must exist. */
function existing(tree: DeviceTree, path: string): string {
  const full = fullPath(tree, path);
  if (full === undefined) failAt(path, "FDT_ERR_BADPATH");
  if (!findNode(tree, full)) failAt(path, "FDT_ERR_NOTFOUND");
  return full;
}

/** With `all`, names are looked for from the root whether or not the path begins with "/"; without, it may begin with an alias. */
function create(tree: DeviceTree, path: string, all: boolean): DeviceTree {
  const full = all ? path : path.includes("/") ? fullPath(tree, path) : undefined;
  return full === undefined ? failAt(path, "FDT_ERR_BADPATH") : createAt(tree, full, path, all);
}

/** With `all`, what is missing on the way, and nothing where the node exists. */
function createAt(tree: DeviceTree, path: string, given: string, all: boolean): DeviceTree {
  const names = path.split("/").filter((name) => name !== "");
  let [changed, parent] = [tree, "/"];
  names.forEach((name, index) => {
    const above = findNode(changed, parent);
    const exists = above && findChild(above, name) !== undefined;
    const last = index === names.length - 1;
    if (exists && last && !all) failAt(name, "FDT_ERR_EXISTS");
    if (!exists) {
      if (!last && !all) failAt(given, "FDT_ERR_NOTFOUND");
      changed = updateNode(changed, parent, (at) => ({ ...at, children: [node(name), ...at.children] }));
    }
    parent = parent === "/" ? `/${name}` : `${parent}/${name}`;
  });
  return changed;
}

function encodeValue(host: Host, values: readonly string[], { format, verbose }: Orders): Uint8Array {
  const say = (text: string): void => {
    if (verbose) host.complain(text);
  };
  say("Decoding value:\n");
  const pieces = values.map((value) => {
    if (format.kind === "s") {
      say(`\tstring: '${value}'\n`);
      return Buffer.from(`${value}\0`);
    }
    return encodeNumbers(value, format, say);
  });
  const bytes = new Uint8Array(Buffer.concat(pieces));
  say(`Value size ${bytes.length}\n`);
  return bytes;
}

/** One argument holds one number, or several between blanks. */
function encodeNumbers(text: string, { kind, width }: ValueFormat, say: (text: string) => void): Buffer {
  const size = width ?? 4;
  const names = { 1: "byte", 2: "short", 4: "int" } as const;
  const items = text.split(/\s+/).filter((item) => item !== "");
  return Buffer.concat(
    items.map((item) => {
      const pattern = kind === "x" ? /^(?:0[xX])?([0-9a-fA-F]+)$/ : /^([+-]?[0-9]+)$/;
      const digits = pattern.exec(item)?.[1];
      if (digits === undefined) throw new Exit(1, "");
      const number = kind === "x" ? BigInt(`0x${digits}`) : BigInt(digits);
      say(`\t${names[size]}: ${kind === "x" ? number.toString(16) : BigInt.asIntN(32, number)}\n`);
      const word = Buffer.alloc(4);
      word.writeUInt32BE(Number(BigInt.asUintN(32, number)));
      return word.subarray(4 - size);
    }),
  );
}
