import { asComment, onOneLine, withIndent } from "../comments/form.ts";
import type { Comments, DeviceTree, Label, Node, Property, Reservation, Value } from "../tree.ts";
import { Output } from "./output.ts";
import { annotateNode, annotateProperty, type Annotation, type Edge } from "./annotate.ts";
import { fragmentsOf, type Fragment } from "./fragments.ts";
import { printValue, type References } from "./value.ts";

export interface PrintOptions {
  /**
   * `values`, what references stand for, as dtc 1.6 prints it; `phandles`, `&label` for cells that came from
   * a reference, as dtc 1.8 does; `names`, `&label` for paths, too.
   */
  readonly references?: References;
  /** dtc's -T: where the source says it; 2 with columns. */
  readonly annotate?: 1 | 2;
  /** The file whose folder `annotate: 1` names all from; without it, they have the names that they were read by. */
  readonly annotateFrom?: string;
  /** An overlay's fragments as `&label { … };` and `&{/path} { … };`, where that says the same. */
  readonly fragments?: "references";
  /** Comments that the tree has kept, too. */
  readonly comments?: boolean;
}

/**
 * The tree as source text, as `dtc -O dts` prints it. References that are not resolved yet print by name.
 * Throws a `PrintError` where that would be more than `MAX_PRINTED` characters.
 */
export function print(tree: DeviceTree, options: PrintOptions = {}): string {
  const out = new Output();
  const style: Style = {
    references: options.references ?? "values",
    annotate: options.annotate && { detail: options.annotate, folder: folderOf(options.annotateFrom ?? "") },
    comments: options.comments ?? false,
  };
  printLeading(out, tree, "", style);
  out.line("/dts-v1/;");
  if (tree.plugin) out.line("/plugin/;");
  out.line("");
  for (const reservation of tree.reservations) {
    printLeading(out, reservation, "", style);
    out.line(printReservation(reservation) + printTrailing(reservation, "", style));
  }
  const fragments = options.fragments ? fragmentsOf(tree) : [];
  fragments.forEach((each) => {
    printFragment(out, each, style);
  });
  const root = { ...tree.root, children: tree.root.children.slice(fragments.length) };
  const { labels, properties, children, comments } = root;
  if (fragments.length === 0 || comments || labels.length + properties.length + children.length > 0) {
    printNode(out, root, 0, style);
  }
  if (style.comments) printLines(out, tree.comments?.trailing, "");
  return out.finish();
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/") + 1);

const printLabels = (labels: readonly Label[]): string => labels.map(({ name }) => `${name}: `).join("");

const hex64 = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

const printReservation = ({ labels, address, size }: Reservation): string =>
  `${printLabels(labels)}/memreserve/\t${hex64(address)} ${hex64(size)};`;

interface Style {
  readonly references: References;
  readonly annotate: Annotation | undefined;
  readonly comments: boolean;
}

function printNode(out: Output, node: Node, depth: number, style: Style): void {
  const indent = "\t".repeat(depth);
  const omit = style.references === "names" && node.omitIfNoRef ? "/omit-if-no-ref/ " : "";
  const note = (edge: Edge): string => (style.annotate ? annotateNode(node, style.annotate, edge) : "");
  printLeading(out, node, indent, style);
  out.line(`${indent}${omit}${printLabels(node.labels)}${node.name === "" ? "/" : node.name} {${note("start")}`);
  printBody(out, node, depth, style);
  out.line(`${indent}};${note("end")}${printTrailing(node, indent, style)}`);
}

function printFragment(out: Output, { node, body, reference }: Fragment, style: Style): void {
  printLeading(out, node, "", style);
  printLeading(out, body, "", style);
  out.line(`${reference} {`);
  printBody(out, body, 0, style);
  out.line(`};${printTrailing(node, "", style)}`);
  out.line("");
}

function printBody(out: Output, node: Node, depth: number, style: Style): void {
  const indent = "\t".repeat(depth);
  for (const property of node.properties) {
    // Eight bytes take five characters or more, `0x00 `; everything else takes more for each.
    out.expect(property.value.bytes.length / 2);
    printLeading(out, property, `${indent}\t`, style);
    const note = style.annotate ? annotateProperty(property, node, style.annotate) : "";
    out.line(`${indent}\t${printProperty(property, style)}${note}${printTrailing(property, `${indent}\t`, style)}`);
  }
  for (const child of node.children) {
    out.line("");
    printNode(out, child, depth + 1, style);
  }
  if (style.comments) printLines(out, node.comments?.inner, `${indent}\t`);
}

interface Commented {
  readonly comments?: Comments;
}

function printLeading(out: Output, { comments }: Commented, indent: string, style: Style): void {
  if (style.comments) printLines(out, comments?.leading, indent);
}

function printTrailing({ comments }: Commented, indent: string, style: Style): string {
  if (!style.comments || !comments) return "";
  return onOneLine(comments.trailing)
    .map((text) => ` ${withIndent(text, indent)}`)
    .join("");
}

function printLines(out: Output, texts: readonly string[] | undefined, indent: string): void {
  for (const text of texts ?? []) out.line(indent + withIndent(asComment(text), indent));
}

const isBlank = ({ bytes, markers }: Value): boolean =>
  bytes.length === 0 && !markers.some(({ kind }) => kind === "path");

function printProperty(property: Property, style: Style): string {
  const { name, labels, value } = property;
  return `${printLabels(labels)}${name}${isBlank(value) ? "" : ` =${printValue(value, style.references)}`};`;
}

const byName: Style = { references: "names", annotate: undefined, comments: true };

/** The lines of a node's statement, references by name. */
export function nodeText(node: Node): readonly string[] {
  const out = new Output();
  printNode(out, node, 0, byName);
  return out.finish().slice(0, -1).split("\n");
}

/** A property's statement, references by name. */
export const propertyText = (property: Property): string => printProperty(property, byName);

/** What stands behind its `=`; nothing where it has none. */
export const valueText = ({ value }: Property): string => (isBlank(value) ? "" : printValue(value, "names").slice(1));
