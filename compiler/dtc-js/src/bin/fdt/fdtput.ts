import { Exit, type CommandSpec } from "../command.ts";
import type { Host } from "../host.ts";
import { readTree, writeBlob } from "./blob-file.ts";
import { Target } from "./target.ts";
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
    const blob = readTree(host, file, first ?? "/");
    const changed = change(host, new Target(blob), { action, format, autoPath, verbose }, operands.slice(1));
    if (changed.changeable) writeBlob(host, file, changed.encoded());
    return 0;
  },
};

interface Orders {
  readonly action: Action;
  readonly format: ValueFormat;
  readonly autoPath: boolean;
  readonly verbose: boolean;
}

function change(host: Host, target: Target, orders: Orders, operands: readonly string[]): Target {
  const [first = "", second = "", ...values] = operands;
  switch (orders.action) {
    case "create":
      for (const path of operands) {
        if (orders.autoPath) target.createAll(path);
        else target.create(path);
      }
      return target;
    case "remove":
      for (const path of operands) target.remove(path);
      return target;
    case "delete":
      for (const name of operands.slice(1)) target.removeProperty(first, name);
      return target;
    case "write": {
      const bytes = encodeValue(host, values, orders);
      if (orders.autoPath) target.createAll(first);
      target.write(first, second, bytes);
      return target;
    }
  }
}

function encodeValue(host: Host, values: readonly string[], { format, verbose }: Orders): Uint8Array {
  const say = (text: string): void => {
    if (verbose) host.complain(text);
  };
  say("Decoding value:\n");
  const pieces = values.map((value) => {
    if (format.kind === "s") {
      say(`\tstring: '${value}'\n`);
      return Buffer.from(`${value}\0`, "latin1");
    }
    return encodeNumber(value, format, say);
  });
  const bytes = new Uint8Array(Buffer.concat(pieces));
  say(`Value size ${bytes.length}\n`);
  return bytes;
}

/** One argument is one number. */
function encodeNumber(text: string, { kind, width }: ValueFormat, say: (text: string) => void): Buffer {
  const size = width ?? 4;
  const number = readNumber(text, kind);
  if (number === undefined) {
    say(`Couldn't parse "${text}" as an integer\n`);
    throw new Exit(1, "");
  }
  const names = { 1: "byte", 2: "short", 4: "int" } as const;
  say(`\t${names[size]}: ${BigInt.asIntN(32, number)}\n`);
  const word = Buffer.alloc(4);
  word.writeUInt32BE(Number(BigInt.asUintN(32, number)));
  return word.subarray(4 - size);
}

/** As strtoll and strtoull read all of a text: of 64 bits, an empty one is zero; undefined where it is no number. */
function readNumber(text: string, kind: ValueFormat["kind"]): bigint | undefined {
  if (text === "") return 0n;
  const [, sign, digits = ""] = /^[\t-\r ]*([+-]?)([0-9a-zA-Z]+)$/.exec(text) ?? [];
  const magnitude = readDigits(digits, kind === undefined ? 10 : kind === "x" ? 16 : 0);
  if (magnitude === undefined) return undefined;
  const unsigned = kind === "x" || kind === "u";
  const most = unsigned ? 2n ** 64n - 1n : sign === "-" ? 2n ** 63n : 2n ** 63n - 1n;
  if (magnitude > most) return undefined;
  return sign === "-" ? -magnitude : magnitude;
}

/** Of base 0 are hexadecimal numbers behind "0x", octal ones behind "0", and decimal ones. */
function readDigits(text: string, base: 0 | 10 | 16): bigint | undefined {
  if (base !== 10 && /^0x[0-9a-f]+$/i.test(text)) return BigInt(text.toLowerCase());
  if (base === 16) return /^[0-9a-f]+$/i.test(text) ? BigInt(`0x${text}`) : undefined;
  if (base === 0 && /^0[0-7]+$/.test(text)) return BigInt(`0o${text}`);
  const octal = base === 0 && text.length > 1 && text.startsWith("0");
  return /^[0-9]+$/.test(text) && !octal ? BigInt(text) : undefined;
}
