import type { z } from "zod";
import { shortened } from "../base/printable.ts";
import { nearest } from "../base/suggest.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { ConfigPath, Diagnostic } from "../diagnostics/diagnostic.ts";
import { pvKinds } from "../ir/pv.ts";
import { expectedAt, objectAt } from "./fields.ts";
import { isQuantity } from "./quantity.ts";
import { ranges } from "./ranges.ts";
import { controlCharacter } from "./text.ts";

type Issue = z.core.$ZodIssue;

/** One zod issue in our words. `root` is the value that was refused, for what was found at the issue's place. */
export function explainIssue(issue: Issue, root: unknown, above: ConfigPath = []): readonly Diagnostic[] {
  const path = [...above, ...issue.path] as ConfigPath;
  const found = valueAt(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key, found));
    case "invalid_union": {
      if (issue.discriminator !== undefined && typeof found === "string") return [notAChoice(path, found, pvKinds)];
      const branch = bestBranch(issue.errors, found);
      return branch.length > 0
        ? once(branch.flatMap((inner) => explainIssue(inner, root, path)))
        : [wrongType(path, found)];
    }
    case "invalid_value":
      return [typeof found === "string" ? notAChoice(path, found, issue.values) : wrongType(path, found)];
    case "too_small":
    case "too_big":
      return [outOfRange(issue, path, found)];
    case "invalid_key":
      return [badName(path)];
    case "custom":
      return [refused(issue, path, found)];
    case "invalid_type":
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_element":
      return [wrongType(path, found)];
  }
}

/** A list that is too short lacks several items, of which the message says the same. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const texts = diagnostics.map(({ code, message, primary }) => JSON.stringify([code, message, primary]));
  return diagnostics.filter((_, index) => texts.indexOf(texts[index] ?? "") === index);
}

/** The branch that got furthest into the value: the user most likely meant that one. None if all failed at its door. */
function bestBranch(branches: readonly (readonly Issue[])[], found: unknown): readonly Issue[] {
  const inside = branches.find((issues) => issues.some((issue) => issue.path.length > 0 || isDetail(issue)));
  const choice = branches.find(([issue]) => typeof found === "string" && issue?.code === "invalid_value");
  return inside ?? choice ?? [];
}

const isDetail = (issue: Issue): boolean =>
  issue.code === "too_small" ||
  issue.code === "unrecognized_keys" ||
  (issue.code === "custom" && issue.params?.["refused"] === true);

function unknownKey(path: ConfigPath, key: string, found: unknown): Diagnostic {
  const { kind, name } = objectAt(path, found);
  const known = Object.keys(kind.fields);
  const params = { key, where: name, known, nearest: nearest(key, known) };
  return diagnose("XI1002", params, { primary: { path: [...path, key], at: "key" } });
}

function wrongType(path: ConfigPath, found: unknown): Diagnostic {
  const expected = expectedAt(path);
  if (found === undefined && path.length > 0) {
    const params = { where: objectAt(path.slice(0, -1)).name, key: String(path.at(-1)), expected };
    return diagnose("XI1003", params, { primary: { path: path.slice(0, -1), at: "key" } });
  }
  return diagnose("XI1001", { field: fieldName(path), expected, found: describe(found) }, { primary: { path } });
}

function notAChoice(path: ConfigPath, found: string, values: readonly unknown[]): Diagnostic {
  const choices = values.map(String);
  const near = nearest(found, choices);
  const params = {
    field: fieldName(path),
    found: JSON.stringify(found),
    choices: choices.map((choice) => JSON.stringify(choice)),
    nearest: near === undefined ? undefined : JSON.stringify(near),
  };
  return diagnose("XI1005", params, { primary: { path } });
}

function outOfRange(issue: Extract<Issue, { code: "too_small" | "too_big" }>, path: ConfigPath, found: unknown) {
  const field = fieldName(path);
  const pair = path[0] === "eventChannels";
  if (issue.origin === "array" && (pair || issue.code === "too_big")) return wrongType(path, found);
  if (issue.origin === "array") return diagnose("XI1008", { field, what: itemOf(path) }, { primary: { path } });
  if (issue.origin === "string") return diagnose("XI1008", { field, what: "text" }, { primary: { path } });
  const range = rangeAt(path);
  if (range === undefined) return wrongType(path, found); // it is no number at all
  return diagnose("XI1004", { field, found: describe(found), range }, { primary: { path } });
}

function rangeAt(path: ConfigPath): string | undefined {
  const key = path[0] === "eventChannels" ? "port" : String(path.at(-1));
  const range = Object.entries(ranges).find(([name]) => name === key)?.[1];
  return range && `${range[0]} to ${range[1]}`;
}

const items: Readonly<Record<string, string>> = {
  cpus: "CPU",
  borrowers: "domain",
  affinity: "CPU",
  windows: "window",
  passthrough: "device",
};
const itemOf = (path: ConfigPath): string => items[String(path.at(-1))] ?? "memory bank";

const named: Readonly<Record<string, string>> = { cpupools: "pool", sharedMemory: "shared memory" };

const badName = (path: ConfigPath): Diagnostic =>
  diagnose(
    "XI1006",
    { what: (path.length === 2 && named[String(path[0])]) || "domain", name: String(path.at(-1)) },
    { primary: { path, at: "key" } },
  );

/** Tables whose keys are names of the user's. zod passes over a key "__proto__" without a word. */
const tables = ["cpupools", "domains", "sharedMemory"];

/** Things of the name that JavaScript keeps for itself: they would be gone. */
export const unnameable = (root: unknown): readonly Diagnostic[] =>
  [...tables.map((table) => [table]), ...viewTables(root)].flatMap((table) => {
    const things = valueAt(root, table);
    const isTold = typeof things === "object" && things !== null && Object.hasOwn(things, "__proto__");
    return isTold ? [badName([...table, "__proto__"])] : [];
  });

/** `guestAt` of shared memory may be by the names of domains. */
function viewTables(root: unknown): readonly ConfigPath[] {
  const shares = valueAt(root, ["sharedMemory"]);
  if (typeof shares !== "object" || shares === null) return [];
  return Object.keys(shares).map((name) => ["sharedMemory", name, "guestAt"]);
}

function refused(issue: Extract<Issue, { code: "custom" }>, path: ConfigPath, found: unknown): Diagnostic {
  const unit: unknown = issue.params?.["quantity"];
  const field = fieldName(path);
  if ((unit === "size" || unit === "address") && isQuantity(found) && !Number.isNaN(found))
    return diagnose("XI1007", { field, found: describe(found), unit }, { primary: { path } });
  if (issue.params?.["empty"] !== undefined)
    return diagnose("XI1008", { field, what: String(issue.params["empty"]) }, { primary: { path, at: "key" } });
  const step: unknown = issue.params?.["step"];
  if (typeof step === "string")
    return diagnose("XI1020", { field, found: describe(found), step }, { primary: { path } });
  if (issue.params?.["mac"] === true)
    return diagnose("XI1022", { field, found: describe(found) }, { primary: { path } });
  if (issue.params?.["colors"] === true)
    return diagnose("XI1021", { field, found: describe(found) }, { primary: { path } });
  const twice: unknown = issue.params?.["twice"];
  if (typeof twice === "string")
    return diagnose("XI1010", { field, label: describe(found), what: twice }, { primary: { path } });
  const character = typeof found === "string" ? controlCharacter.exec(found)?.[0] : undefined;
  if (character !== undefined)
    return diagnose("XI1009", { field, character: `U+${hex4(character)}` }, { primary: { path } });
  return wrongType(path, found);
}

const hex4 = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");

/** `domains.ui.memory[0].at` */
const fieldName = (path: ConfigPath): string =>
  path.length === 0
    ? "the configuration"
    : path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${part}`)).join("");

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(shortened(value, 60));
  return Array.isArray(value) ? "a list" : "an object";
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
