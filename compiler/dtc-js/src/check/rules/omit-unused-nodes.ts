import { phandleProperties } from "../../resolve/phandles.ts";
import { rebuild } from "../../resolve/rebuild.ts";
import type { Check } from "../check.ts";

/** Writes what the references stand for, and drops `/omit-if-no-ref/` nodes that nothing refers to, not even a symbol. */
export const omitUnusedNodes: Check = {
  name: "omit_unused_nodes",
  level: "error",
  needs: ["phandle_references", "path_references"],
  start: () => () => undefined,
  finish: (judge) => {
    if (judge.symbols)
      for (const entry of judge.index.entries) if (entry.node.labels.length > 0) entry.referenced = true;
    const root = rebuild(judge.index, phandleProperties[judge.phandles]);
    if (root !== judge.tree.root) judge.replace({ ...judge.tree, root });
  },
};
