import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 3.6. */
export const chosenNodeIsRoot = nodeCheck("chosen_node_is_root", (entry, judge) => {
  if (entry.node.name === "chosen" && entry.parent?.parent) {
    judge.fail(entry, "chosen node must be at root node");
  }
});
