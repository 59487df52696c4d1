import { hex } from "../base/units.ts";
import type { ImportedSystem } from "./system.ts";

/** As prettier breaks lines where nobody has told it otherwise. */
const width = 80;

/** The text of a `board.ts`, as prettier would leave it. */
export function printSystem({ board, ...rest }: ImportedSystem): string {
  const used = new Set<string>(["defineSystem"]);
  const isCall = "profile" in board;
  const boardText = (column: number): string =>
    isCall
      ? `${board.profile}(${print(board.parameters, { depth: 1, column: column + board.profile.length + 3, used })})`
      : print(board, { depth: 1, column, used });
  const fields = Object.entries(rest).filter(([, value]) => !isEmpty(value));
  const lines = [
    `  board: ${boardText("  board: ".length)},`,
    ...fields.map(([key, value]) => {
      const prefix = `  ${key}: `;
      return `${prefix}${print(value, { depth: 1, column: prefix.length + 1, used, key, broken: key === "domains" })},`;
    }),
  ];
  return [
    `import { ${[...used].sort(byName).join(", ")} } from "xenimg";`,
    ...(isCall ? [`import { ${board.profile} } from "xenimg/boards";`] : []),
    "",
    "export default defineSystem({",
    ...lines,
    "});",
    "",
  ].join("\n");
}

interface Place {
  /** How deep the line that this begins on is indented, in steps of two. */
  readonly depth: number;
  /** How much of the line is used before it, with the comma that follows. */
  readonly column: number;
  /** Functions of "xenimg" that the text calls. */
  readonly used: Set<string>;
  /** The field that it is the value of: numbers are written as that field's are. */
  readonly key?: string;
  readonly broken?: boolean;
}

function print(value: unknown, place: Place): string {
  if (typeof value === "number") return printNumber(value, place);
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return String(value);
  const flat = printFlat(value, place);
  if (place.broken !== true && place.column + flat.length <= width && !flat.includes("\n")) return flat;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const indent = "  ".repeat(place.depth + 1);
  const items = parts(value, place).map(([label, part, key]) => {
    const column = indent.length + label.length + 1;
    const text = print(part, { depth: place.depth + 1, column, used: place.used, key });
    // Of a field's long text prettier begins a line of its own.
    const alone = label !== "" && typeof part === "string" && column + text.length > width;
    return `${indent}${alone ? `${label.trimEnd()}\n${indent}  ` : label}${text},\n`;
  });
  return `${open}\n${items.join("")}${"  ".repeat(place.depth)}${close}`;
}

function printFlat(value: object, place: Place): string {
  const items = parts(value, place).map(([label, part, key]) => {
    const flat = typeof part === "object" && part !== null ? printFlat(part, { ...place, key }) : undefined;
    return label + (flat ?? print(part, { ...place, key }));
  });
  const text = items.join(", ");
  if (Array.isArray(value)) return `[${text}]`;
  return text === "" ? "{}" : `{ ${text} }`;
}

/** Label with its colon, value, and the field that it is of: an item is of its list's, and an address of a domain's, too. */
const parts = (value: object, { key: field = "" }: Place): readonly (readonly [string, unknown, string])[] =>
  Array.isArray(value)
    ? value.map((item: unknown) => ["", item, field])
    : Object.entries(value)
        .filter(([, part]) => part !== undefined)
        .map(([key, part]) => [`${isName(key) ? key : quoted(key)}: `, part, field === "guestAt" ? field : key]);

/** In the quotes of which fewer stand in the text. */
function quoted(text: string): string {
  const double = JSON.stringify(text);
  if (text.split('"').length <= text.split("'").length) return double;
  const inner = double
    .slice(1, -1)
    .replaceAll(/\\(.)/g, (escape: string, char: string) => (char === '"' ? char : escape));
  return `'${inner.replaceAll("'", String.raw`\'`)}'`;
}

const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);
const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);

const addresses = new Set(["at", "guestAt", "loadAddress"]);
const sizes = new Set(["size", "memory", "p2mMemory"]);
const units = [
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
] as const;

function printNumber(value: number, { key = "", used }: Place): string {
  if (addresses.has(key)) return hexadecimal(value);
  const unit = sizes.has(key) ? units.find(([, scale]) => value > 0 && value % scale === 0) : undefined;
  if (unit === undefined) return String(value);
  used.add(unit[0]);
  return `${unit[0]}(${value / unit[1]})`;
}

/** `0x8000_0000`: groups of four from the right. */
const hexadecimal = (value: number): string =>
  `0x${hex(value)
    .slice(2)
    .replaceAll(/\B(?=(?:[\da-f]{4})+$)/g, "_")}`;

/** As the fixtures and the guide have them: functions by name, capitals first. */
const byName = (a: string, b: string): number => (a < b ? -1 : 1);
