import type { Check } from "../check.ts";

/** Drops `/omit-if-no-ref/` nodes that nothing refers to, not even a symbol. */
export const omitUnusedNodes: Check = {
  name: "omit_unused_nodes",
  level: "error",
  needs: ["phandle_references", "path_references"],
  start: (judge) => (entry) => {
    if (judge.symbols && entry.node.labels.length > 0) entry.referenced = true;
  },
  resolves: "omission",
};
