import type { Label, SourceSpan } from "../../diagnostics/diagnostic.ts";
import type { Place } from "./follow.ts";
import { part } from "./follow.ts";
import { readScope } from "./scope.ts";

/** Finds where in the text of a configuration a part of its value is written. */
export type Locate = (label: Label) => SourceSpan | undefined;

/** For one system of one file. Best effort: the nearest enclosing part that the text says plainly. */
export function placesOf(file: string, text: string, variant?: string): Locate {
  const scope = readScope(text, variant);
  const lines = lineStarts(text);
  const spanOf = ({ start, end }: { start: number; end: number }): SourceSpan => ({
    file,
    start: positionAt(lines, start),
    end: positionAt(lines, end),
  });
  return ({ path, at }) => {
    if (path === undefined) return undefined;
    // The whole, of a file that does not say where it is: JSON, for one.
    if (scope?.exported === undefined)
      return path.length === 0 ? spanOf({ start: 0, end: lines[1] ?? text.length }) : undefined;
    let place: Place = { value: scope.exported };
    let exact = true;
    for (const name of path) {
      const next = part(scope, place.value, name);
      exact = next !== undefined;
      if (next === undefined) break;
      place = next;
    }
    // Of a value over many lines, its name says best which one is meant.
    const value = spanOf(place.value);
    const short = value.start.line === value.end.line;
    return place.key && (!exact || !short || at === "key") ? spanOf(place.key) : value;
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function positionAt(starts: readonly number[], offset: number): SourceSpan["start"] {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset };
}
