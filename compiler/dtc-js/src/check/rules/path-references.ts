import type { Check } from "../check.ts";
import { forReferences, missing } from "../references.ts";

export const pathReferences: Check = {
  name: "path_references",
  level: "error",
  needs: ["duplicate_node_names"],
  start: (judge) => (entry) => {
    forReferences(entry, "path", ({ target, span }) => {
      const found = judge.index.find(target);
      if (found) found.referenced = true;
      else judge.fail(entry, missing(target), undefined, { span });
    });
  },
};
