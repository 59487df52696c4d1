import type { DeviceTree, Label, Node, Property, Reservation, Value } from "../tree.ts";
import { Output } from "./output.ts";
import { annotateNode, annotateProperty } from "./annotate.ts";
import { printValue, type References } from "./value.ts";

export interface PrintOptions {
  /**
   * `values`, what references stand for, as dtc 1.6 prints it; `phandles`, `&label` for cells that came from
   * a reference, as dtc 1.8 does; `names`, `&label` for paths, too.
   */
  readonly references?: References;
  /** dtc's -T: where the source says it; 2 with columns. */
  readonly annotate?: 1 | 2;
}

/**
 * The tree as source text, as `dtc -O dts` prints it. References that are not resolved yet print by name.
 * Throws a `PrintError` where that would be more than `MAX_PRINTED` characters.
 */
export function print(tree: DeviceTree, options: PrintOptions = {}): string {
  const out = new Output();
  out.line("/dts-v1/;");
  if (tree.plugin) out.line("/plugin/;");
  out.line("");
  for (const reservation of tree.reservations) out.line(printReservation(reservation));
  printNode(out, tree.root, 0, { references: options.references ?? "values", annotate: options.annotate });
  return out.finish();
}

const printLabels = (labels: readonly Label[]): string => labels.map(({ name }) => `${name}: `).join("");

const hex64 = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

const printReservation = ({ labels, address, size }: Reservation): string =>
  `${printLabels(labels)}/memreserve/\t${hex64(address)} ${hex64(size)};`;

interface Style {
  readonly references: References;
  readonly annotate: 1 | 2 | undefined;
}

function printNode(out: Output, node: Node, depth: number, style: Style): void {
  const indent = "\t".repeat(depth);
  const omit = style.references === "names" && node.omitIfNoRef ? "/omit-if-no-ref/ " : "";
  const note = style.annotate ? annotateNode(node, style.annotate) : "";
  out.line(`${indent}${omit}${printLabels(node.labels)}${node.name === "" ? "/" : node.name} {${note}`);
  for (const property of node.properties) {
    // Eight bytes take five characters or more, `0x00 `; everything else takes more for each.
    out.expect(property.value.bytes.length / 2);
    out.line(`${indent}\t${printProperty(property, style)}`);
  }
  for (const child of node.children) {
    out.line("");
    printNode(out, child, depth + 1, style);
  }
  out.line(`${indent}};${note}`);
}

const isBlank = ({ bytes, markers }: Value): boolean =>
  bytes.length === 0 && !markers.some(({ kind }) => kind === "path");

function printProperty(property: Property, style: Style): string {
  const { name, labels, value } = property;
  const note = style.annotate ? annotateProperty(property, style.annotate) : "";
  return `${printLabels(labels)}${name}${isBlank(value) ? "" : ` =${printValue(value, style.references)}`};${note}`;
}

const byName: Style = { references: "names", annotate: undefined };

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
