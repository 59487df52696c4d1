import { locate, type Span } from "../span.ts";
import type { Node, Property } from "../tree.ts";
import { bodyOf, statementOf } from "../place.ts";

/** dtc's -T: a comment with file and line of each place that added to a node; twice, with columns, and for all. */
export function annotateNode(node: Node, detail: 1 | 2): string {
  return comment((node.spans ?? []).map(bodyOf), detail);
}

export const annotateProperty = ({ span }: Property, detail: 1 | 2): string =>
  comment(span ? [statementOf(span)] : [], detail);

function comment(spans: readonly Span[], detail: 1 | 2): string {
  if (spans.length === 0) return detail === 2 ? " /* <no-file>:<no-line> */" : "";
  const places = spans.map((span) => {
    const { file, start, end } = locate(span);
    const to = `${start.line}:${start.column}-${end.line}:${end.column}`;
    return `${file}:${detail === 2 ? to : start.line}`;
  });
  return ` /* ${places.join(", ")} */`;
}
