import type { SourceSpan, Trail } from "../../span.ts";

/** `file:line.column-line.column`, as short as it can be said. */
export function printPlace({ file, start, end }: SourceSpan): string {
  const from = `${file}:${start.line}.${start.column}`;
  if (start.line !== end.line) return `${from}-${end.line}.${end.column}`;
  return start.column === end.column ? from : `${from}-${end.column}`;
}

/** Includes may nest 200 deep; the innermost say enough. */
const MAX_STEPS = 8;

/** How what is in a place came there, a line for each step. */
export function printTrail(trail: readonly Trail[] = []): string {
  const lines = trail.slice(0, MAX_STEPS).map(({ kind, name, span }) => {
    const step = kind === "macro" ? `from macro ${name ?? ""}, used` : "included";
    return `  ${step} at ${printPlace(span)}\n`;
  });
  if (trail.length > MAX_STEPS) lines.push(`  and ${trail.length - MAX_STEPS} more\n`);
  return lines.join("");
}
