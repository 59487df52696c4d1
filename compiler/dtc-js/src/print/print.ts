import type { DeviceTree, Label, Node, Property, Reservation } from "../tree.ts";
import { printValue } from "./value.ts";

export interface PrintOptions {
  /** `names` prints `&label` where a value came from a reference; `values` prints what it stands for, as dtc does. */
  readonly references?: "names" | "values";
}

/** The tree as source text, as `dtc -O dts` prints it. References that are not resolved yet print by name. */
export function print(tree: DeviceTree, options: PrintOptions = {}): string {
  const lines: string[] = ["/dts-v1/;", ""];
  for (const reservation of tree.reservations) lines.push(printReservation(reservation));
  printNode(lines, tree.root, 0, options.references === "names");
  return `${lines.join("\n")}\n`;
}

const printLabels = (labels: readonly Label[]): string => labels.map(({ name }) => `${name}: `).join("");

const hex64 = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

const printReservation = ({ labels, address, size }: Reservation): string =>
  `${printLabels(labels)}/memreserve/\t${hex64(address)} ${hex64(size)};`;

function printNode(lines: string[], node: Node, depth: number, keepReferences: boolean): void {
  const indent = "\t".repeat(depth);
  const omit = keepReferences && node.omitIfNoRef ? "/omit-if-no-ref/ " : "";
  lines.push(`${indent}${omit}${printLabels(node.labels)}${node.name === "" ? "/" : node.name} {`);
  for (const property of node.properties) lines.push(`${indent}\t${printProperty(property, keepReferences)}`);
  for (const child of node.children) {
    lines.push("");
    printNode(lines, child, depth + 1, keepReferences);
  }
  lines.push(`${indent}};`);
}

function printProperty({ name, labels, value }: Property, keepReferences: boolean): string {
  const blank = value.bytes.length === 0 && !value.markers.some(({ kind }) => kind === "path");
  return `${printLabels(labels)}${name}${blank ? "" : ` =${printValue(value, keepReferences)}`};`;
}
