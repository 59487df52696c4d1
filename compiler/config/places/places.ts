import type { Places } from "../../diagnostics/collection.ts";
import type { Label, SourceSpan } from "../../diagnostics/diagnostic.ts";
import type { Place } from "./follow.ts";
import { part } from "./follow.ts";
import { readScope } from "./scope.ts";

/** Where in the text of a configuration the parts of its value are written; for one system of one file. */
export function placesOf(file: string, text: string, variant?: string): Places {
  const scope = readScope(text, variant);
  const lines = lineStarts(text);
  const spanOf = ({ start, end }: { start: number; end: number }): SourceSpan => ({
    file,
    start: positionAt(lines, start),
    end: positionAt(lines, end),
  });
  const spanOfLabel = ({ path, at }: Label): SourceSpan | undefined => {
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
  const literalOf = ({ path, at }: Label): SourceSpan | undefined => {
    let place: Place | undefined = scope?.exported && { value: scope.exported };
    for (const name of path ?? []) place = place && scope && part(scope, place.value, name);
    // In { kernel }, the name is the value's as well.
    const key = place?.key?.start === place?.value.start ? undefined : place?.key;
    const node = at === "key" ? key : place?.value;
    return node && (at === "key" || node.type.endsWith("Literal")) ? spanOf(node) : undefined;
  };
  return { spanOf: spanOfLabel, literalOf };
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
