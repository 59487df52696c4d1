import { nodeCheck } from "../check.ts";

/** What dtc recommends beyond that. */
export const nodeNameCharsStrict = nodeCheck(
  "node_name_chars_strict",
  (entry, judge) => {
    const bad = /[^a-zA-Z0-9,-]/u.exec(entry.node.name.replace(/@.*/s, ""))?.[0];
    if (bad !== undefined) judge.fail(entry, `Character '${bad}' not recommended in node name`);
  },
  { level: "off" },
);
