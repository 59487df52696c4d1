import type { DeviceTree, Label, Node, Property, Reservation } from "../tree.ts";
import { Output } from "./output.ts";
import { printValue } from "./value.ts";

export interface PrintOptions {
  /** `names` prints `&label` where a value came from a reference; `values` prints what it stands for, as dtc does. */
  readonly references?: "names" | "values";
}

/**
 * The tree as source text, as `dtc -O dts` prints it. References that are not resolved yet print by name.
 * Throws a `PrintError` where that would be more than `MAX_PRINTED` characters.
 */
export function print(tree: DeviceTree, options: PrintOptions = {}): string {
  const out = new Output();
  out.line("/dts-v1/;");
  out.line("");
  for (const reservation of tree.reservations) out.line(printReservation(reservation));
  printNode(out, tree.root, 0, options.references === "names");
  return out.finish();
}

const printLabels = (labels: readonly Label[]): string => labels.map(({ name }) => `${name}: `).join("");

const hex64 = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

const printReservation = ({ labels, address, size }: Reservation): string =>
  `${printLabels(labels)}/memreserve/\t${hex64(address)} ${hex64(size)};`;

function printNode(out: Output, node: Node, depth: number, keepReferences: boolean): void {
  const indent = "\t".repeat(depth);
  const omit = keepReferences && node.omitIfNoRef ? "/omit-if-no-ref/ " : "";
  out.line(`${indent}${omit}${printLabels(node.labels)}${node.name === "" ? "/" : node.name} {`);
  for (const property of node.properties) {
    // Eight bytes take five characters or more, `0x00 `; everything else takes more for each.
    out.expect(property.value.bytes.length / 2);
    out.line(`${indent}\t${printProperty(property, keepReferences)}`);
  }
  for (const child of node.children) {
    out.line("");
    printNode(out, child, depth + 1, keepReferences);
  }
  out.line(`${indent}};`);
}

function printProperty({ name, labels, value }: Property, keepReferences: boolean): string {
  const blank = value.bytes.length === 0 && !value.markers.some(({ kind }) => kind === "path");
  return `${printLabels(labels)}${name}${blank ? "" : ` =${printValue(value, keepReferences)}`};`;
}
