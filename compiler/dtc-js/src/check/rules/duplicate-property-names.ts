import { nodeCheck } from "../check.ts";
import { repeated } from "../repeated.ts";

/** 2.2.4.1: and so have the properties of one node. */
export const duplicatePropertyNames = nodeCheck(
  "duplicate_property_names",
  (entry, judge) => {
    for (const [first, later] of repeated(entry.node.properties, ({ name }) => name)) {
      judge.fail(entry, "Duplicate property name", first, { span: later.span, other: first.span });
    }
  },
  { level: "error" },
);
