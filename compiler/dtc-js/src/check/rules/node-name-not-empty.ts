import { nodeCheck } from "../check.ts";

/** Only the root has no name. */
export const nodeNameNotEmpty = nodeCheck(
  "node_name_not_empty",
  (entry, judge) => {
    if (entry.parent && entry.node.name === "") judge.fail(entry, "Empty node name");
  },
  { level: "error", needs: ["node_name_chars"] },
);
