import { phandleProperties } from "../../resolve/phandles.ts";
import { rebuild } from "../../resolve/rebuild.ts";
import type { Check } from "../check.ts";

/** Writes what the references stand for, and drops `/omit-if-no-ref/` nodes that nothing refers to. */
export const omitUnusedNodes: Check = {
  name: "omit_unused_nodes",
  level: "error",
  needs: ["phandle_references", "path_references"],
  start: () => () => undefined,
  finish: (judge) => {
    const root = rebuild(judge.index, phandleProperties[judge.phandles]);
    if (root !== judge.tree.root) judge.replace({ ...judge.tree, root });
  },
};
