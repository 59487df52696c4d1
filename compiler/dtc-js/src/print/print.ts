import type { DeviceTree, Label, Node, Property, Reservation } from "../tree.ts";
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

function printProperty(property: Property, style: Style): string {
  const { name, labels, value } = property;
  const note = style.annotate ? annotateProperty(property, style.annotate) : "";
  const blank = value.bytes.length === 0 && !value.markers.some(({ kind }) => kind === "path");
  return `${printLabels(labels)}${name}${blank ? "" : ` =${printValue(value, style.references)}`};${note}`;
}
