import { nodeCheck } from "../check.ts";

/** At most one unit address. */
export const nodeNameFormat = nodeCheck(
  "node_name_format",
  (entry, judge) => {
    const { name } = entry.node;
    if (name.indexOf("@") !== name.lastIndexOf("@")) judge.fail(entry, "multiple '@' characters in node name");
  },
  { level: "error", needs: ["node_name_chars"] },
);
