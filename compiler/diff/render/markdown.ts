import type { Change } from "../changes.ts";
import type { DifferenceRenderer } from "./renderer.ts";
import { summary } from "./renderer.ts";

/** For a pull request's comment: what widens rights is in bold. */
export const markdown: DifferenceRenderer = (subjects) =>
  [
    `**${summary(subjects)}**`,
    ...subjects.map(({ subject, state, changes }) =>
      [
        `### ${escape(subject)}${state === "kept" ? "" : `, ${state}`}`,
        "",
        "| | what | before | after | rights |",
        "|---|---|---|---|---|",
        ...changes.map(row),
      ].join("\n"),
    ),
    "",
  ].join("\n\n");

const signs = { added: "+", removed: "−", changed: "~", "changed hands": "→" } as const;

function row(change: Change): string {
  const before = "before" in change ? code(change.before) : "";
  const cells = [
    signs[change.kind],
    escape(change.what),
    change.kind === "changed hands" ? `${escape(change.from)}: ${before}` : before,
    "after" in change ? code(change.after) : "",
    change.rights === "widened" ? "**widened**" : (change.rights ?? ""),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A user's text is no markup. */
const escape = (value: string): string => value.replace(/[\\`*_[\]<>|&~#]/g, (it) => `\\${it}`);
/** Within a table a bar ends the cell, in code, too (GitHub Flavored Markdown, tables). */
const code = (value: string): string => {
  const fence = "`".repeat(Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const padding = value.startsWith("`") || value.endsWith("`") ? " " : "";
  return `${fence}${padding}${value.replaceAll("|", "\\|")}${padding}${fence}`;
};
