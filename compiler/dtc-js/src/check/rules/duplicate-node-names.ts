import type { Entry } from "../../resolve/index-tree.ts";
import { nodeCheck } from "../check.ts";
import { repeated } from "../repeated.ts";

/** Devicetree Specification 0.4, 2.2.1: children of one node have different names. */
export const duplicateNodeNames = nodeCheck(
  "duplicate_node_names",
  ({ children }, judge) => {
    for (const [first, later] of repeated(children, (each: Entry) => each.node.name)) {
      judge.fail(later, "Duplicate node name", undefined, { other: first.node.spans?.[0] });
    }
  },
  { level: "error" },
);
