import { locate, type Span } from "../span.ts";
import type { Node, Property } from "../tree.ts";
import { bodyOf, statementOf } from "../place.ts";

/**
 * dtc's -T: a comment with file and line of each place that added to a node; twice, with columns, and for all. A line
 * says where the node begins, or ends: what stands at its opening brace differs from what stands at its closing one.
 */
export function annotateNode(node: Node, annotation: Annotation, edge: Edge): string {
  return comment(placesOf(node).map(bodyOf), annotation, edge);
}

export interface Annotation {
  readonly detail: 1 | 2;
  /** The folder, with its slash, that files are named from. */
  readonly folder: string;
}

/** What stands for `&label { … }` has the place of its body; for dtc, such a node and its target are in no file. */
const isFragment = ({ spans, children }: Node): boolean =>
  spans?.[0] !== undefined && spans[0] === children[0]?.spans?.[0];

const placesOf = (node: Node): readonly Span[] => (node.spans ?? []).slice(isFragment(node) ? 1 : 0);

export type Edge = "start" | "end";

/** Of a property of `node`. */
export function annotateProperty(property: Property, node: Node, annotation: Annotation): string {
  const { span } = property;
  const isTarget = property === node.properties[0] && isFragment(node);
  return comment(span && !isTarget ? [statementOf(span)] : [], annotation, "start");
}

function comment(spans: readonly Span[], { detail, folder }: Annotation, edge: Edge): string {
  if (spans.length === 0) return detail === 2 ? " /* <no-file>:<no-line> */" : "";
  const places = spans.map((span) => {
    const { file, start, end } = locate(span);
    if (detail === 2) return `${file}:${start.line}:${start.column}-${end.line}:${end.column}`;
    const { line } = edge === "start" ? start : end;
    return `${fromFolder(file, folder)}:${line}`;
  });
  return ` /* ${places.join(", ")} */`;
}

/** As dtc shortens names: what both have in common falls away, if it is at least one folder. */
function fromFolder(file: string, folder: string): string {
  let common = 0;
  for (let at = 0; at < folder.length && file[at] === folder[at]; at++) if (folder[at] === "/") common = at + 1;
  if (common === 0) return file;
  const above = folder.slice(common).split("/").length - 1;
  return "../".repeat(above) + file.slice(common);
}
