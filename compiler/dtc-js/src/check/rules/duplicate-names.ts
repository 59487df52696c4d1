import type { Entry } from "../../resolve/index-tree.ts";
import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 2.2.1: children of one node have different names. */
export const duplicateNodeNames = nodeCheck(
  "duplicate_node_names",
  ({ children }, judge) => {
    for (const [child, first] of repeated(children, (each: Entry) => each.node.name)) {
      judge.fail(child, "Duplicate node name", undefined, { other: first.node.spans?.[0] });
    }
  },
  { level: "error" },
);

/** 2.2.4.1: and so have the properties of one node. */
export const duplicatePropertyNames = nodeCheck(
  "duplicate_property_names",
  (entry, judge) => {
    for (const [property, first] of repeated(entry.node.properties, ({ name }) => name)) {
      judge.fail(entry, "Duplicate property name", property, { other: first.span });
    }
  },
  { level: "error" },
);

/** Items whose name an earlier one has, and that one. */
function* repeated<T>(items: readonly T[], nameOf: (item: T) => string): Generator<readonly [T, T], void> {
  if (items.length < 2) return;
  const seen = new Map<string, T>();
  for (const item of items) {
    const first = seen.get(nameOf(item));
    if (first === undefined) seen.set(nameOf(item), item);
    else yield [item, first];
  }
}
