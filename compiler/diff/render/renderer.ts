import type { SubjectChanges } from "../changes.ts";

export type DifferenceRenderer = (subjects: readonly SubjectChanges[]) => string;

/** "3 changes, 1 of them widens rights" */
export function summary(subjects: readonly SubjectChanges[]): string {
  const changes = subjects.flatMap((each) => each.changes);
  const widened = changes.filter(({ rights }) => rights === "widened").length;
  if (changes.length === 0) return "no change in meaning";
  const count = `${changes.length} change${changes.length === 1 ? "" : "s"}`;
  return widened === 0
    ? `${count}, none widens rights`
    : `${count}, ${widened} of them widen${widened === 1 ? "s" : ""} rights`;
}
