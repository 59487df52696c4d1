import { baseName } from "../find.ts";
import { readString } from "../read.ts";
import { report, type Reporter } from "../report.ts";
import type { Node, Property } from "../tree.ts";

/** dtc's checks `node_name_chars` and `node_name_format`: Devicetree Specification 0.4, 2.2.1. */
export function checkNodeName(node: Node, path: string, reporter: Reporter): void {
  const bad = /[^a-zA-Z0-9,._+\-@]/u.exec(node.name)?.[0];
  if (bad !== undefined) {
    report(reporter, "node_name_chars", `${path}: bad character "${bad}" in a node name`, node.spans?.[0]);
  } else if (node.name.split("@").length > 2) {
    report(reporter, "node_name_format", `${path}: more than one "@" in a node name`, node.spans?.[0]);
  }
}

/** dtc's check `property_name_chars`: 2.2.4.1. */
export function checkPropertyName({ name, span }: Property, path: string, reporter: Reporter): void {
  const bad = /[^a-zA-Z0-9,._+*#?-]/u.exec(name)?.[0];
  if (bad !== undefined) {
    report(reporter, "property_name_chars", `${path}: bad character "${bad}" in property name "${name}"`, span);
  }
}

/** dtc's checks `name_is_string` and `name_properties`: `name` may only repeat what the node's name says. */
export function checkNameProperty(node: Node, { value, span }: Property, path: string, reporter: Reporter): void {
  const name = readString(value);
  if (name === undefined) {
    report(reporter, "name_is_string", `${path}: property "name" is not a string`, span);
  } else if (name !== baseName(node.name)) {
    report(reporter, "name_properties", `${path}: property "name" is "${name}", not "${baseName(node.name)}"`, span);
  }
}
