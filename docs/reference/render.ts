import { readFileSync } from "node:fs";
import { introduction } from "./introduction.ts";
import type { Field } from "./schema.ts";
import { objects } from "./schema.ts";
import type { FieldText, Section } from "./section.ts";
import { sections } from "./sections.ts";

/** The text of reference.md: which fields there are, their defaults and ranges come from the schema. */
export const renderReference = (): string =>
  `${introduction}\n${sections.map((section) => `${renderSection(section)}\n`).join("\n")}`;

function renderSection(section: (typeof sections)[number]): string {
  const parts = [
    `${"#".repeat(section.level)} ${section.title}`,
    section.where === undefined ? undefined : `Where: ${section.where}`,
    section.intro,
    section.paths.length === 0 ? undefined : renderTable(section),
    ...(section.examples ?? []).map((example, index) => renderExample(example, section.title, index)),
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

function renderTable({ paths, fields }: Section): string {
  const known = objects.get(paths[0] ?? "") ?? {};
  const rows = Object.entries(known).map(([name, field]) => renderRow(name, field, fields[name]));
  return ["| field | type | default | becomes | guarded by |", "|---|---|---|---|---|", ...rows].join("\n");
}

function renderRow(name: string, field: Field, text: FieldText | undefined): string {
  if (text === undefined) return `| \`${name}\` | ? | ? | ? | |`;
  const cells = [`\`${name}\``, withRange(text.type, field), defaultOf(field, text.otherwise), text.becomes];
  return `| ${cells.join(" | ")} | ${text.guards === undefined ? "" : `${text.guards} `}|`;
}

const withRange = (type: string, { range }: Field): string =>
  range === undefined ? type : type.replace("{range}", range.map(grouped).join(" to "));

/** 10 000 000 */
const grouped = (value: number): string =>
  value < 10_000 ? String(value) : String(value).replaceAll(/\B(?=(\d{3})+$)/g, " ");

function defaultOf({ required, preset }: Field, otherwise: string | undefined): string {
  if (required) return ["required", ...(otherwise === undefined ? [] : [otherwise])].join(", ");
  const shown = preset === undefined || isFilled(preset) ? [] : [`\`${JSON.stringify(preset)}\``];
  return [...shown, ...(otherwise === undefined ? [] : [otherwise])].join(": ");
}

/** A default that is itself an object has rows of its own. */
const isFilled = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

/** What an example's file has between the marks of one section. */
function renderExample(example: string, title: string, index: number): string {
  const text = exampleText(example);
  const [, target] = /^\/\/ xenimg check --target (\S+)$/m.exec(text) ?? [];
  const heading = `${index === 0 ? "Example" : "Another"}${target === undefined ? "" : `, for ${target}`}:`;
  return `${heading}\n\n\`\`\`ts\n${excerpt(text, title)}\n\`\`\``;
}

export const exampleText = (name: string): string =>
  readFileSync(new URL(`examples/${name}.ts`, import.meta.url), "utf8");

/** The lines between `// #region TITLE` and its end, as far to the left as they go; marks of regions inside are left out. */
export function excerpt(text: string, title: string): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.trim() === `// #region ${title}`);
  const end = lines.findIndex((line, at) => at > start && line.trim() === `// #endregion ${title}`);
  if (start < 0 || end < 0) throw new Error(`the example has no region ${title}`);
  const inner = lines.slice(start + 1, end).filter((line) => !/^\s*\/\/ #(end)?region /.test(line));
  const indent = Math.min(...inner.filter((line) => line !== "").map((line) => line.search(/\S/)));
  return inner.map((line) => line.slice(indent)).join("\n");
}
