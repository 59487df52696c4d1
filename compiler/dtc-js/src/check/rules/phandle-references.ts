import { phandleAllocator } from "../../resolve/phandles.ts";
import type { Check } from "../check.ts";
import { forReferences, missing } from "../references.ts";

/** Every target gets a phandle, in the order of the references. */
export const phandleReferences: Check = {
  name: "phandle_references",
  level: "error",
  needs: ["duplicate_node_names", "explicit_phandles"],
  start: (judge) => {
    const allocate = phandleAllocator(judge.index);
    return (entry) => {
      forReferences(entry, "phandle", ({ target, span }) => {
        const found = judge.index.find(target);
        if (found) {
          found.referenced = true;
          allocate(found);
        } else if (!judge.tree.plugin) judge.fail(entry, missing(target), undefined, { span });
      });
    };
  },
  resolves: "phandles",
};
