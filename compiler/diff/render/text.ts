import type { Change } from "../changes.ts";
import type { DifferenceRenderer } from "./renderer.ts";
import { summary } from "./renderer.ts";

const heads = { new: " (new)", gone: " (gone)", kept: "" } as const;

/** For the terminal: a line a change, below its subject. */
export const text: DifferenceRenderer = (subjects) =>
  [
    ...subjects.map(({ subject, state, changes }) =>
      [`${subject}${heads[state]}`, ...changes.map((change) => `  ${line(change)}${rights(change)}`), ""].join("\n"),
    ),
    `${summary(subjects)}\n`,
  ].join("\n");

function line(change: Change): string {
  switch (change.kind) {
    case "added":
      return `+ ${change.what}: ${change.after}`;
    case "removed":
      return `- ${change.what}: ${change.before}`;
    case "changed":
      return `~ ${change.what}: ${change.before} -> ${change.after}`;
    case "changed hands":
      return `> ${change.what}, from ${change.from}: ${change.after}`;
  }
}

const rights = ({ rights }: Change): string => (rights === undefined ? "" : `  [rights ${rights}]`);
