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

/** So many names are compared with each other sooner than they are put into a map. */
const few = 12;

/** Items whose name an earlier one has, and that one. */
function repeated<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  return items.length <= few ? repeatedOfFew(items, nameOf) : repeatedOfMany(items, nameOf);
}

function repeatedOfFew<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  const found: (readonly [T, T])[] = [];
  for (let index = 1; index < items.length; index++) {
    const item = items[index] as T;
    const name = nameOf(item);
    for (let earlier = 0; earlier < index; earlier++) {
      const first = items[earlier] as T;
      if (nameOf(first) !== name) continue;
      found.push([item, first]);
      break;
    }
  }
  return found;
}

function repeatedOfMany<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  const found: (readonly [T, T])[] = [];
  const seen = new Map<string, T>();
  for (const item of items) {
    const first = seen.get(nameOf(item));
    if (first === undefined) seen.set(nameOf(item), item);
    else found.push([item, first]);
  }
  return found;
}
