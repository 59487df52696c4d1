import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 2.2.1: what names of nodes consist of. */
export const nodeNameChars = nodeCheck(
  "node_name_chars",
  (entry, judge) => {
    const bad = /[^a-zA-Z0-9,._+\-@]/u.exec(entry.node.name)?.[0];
    if (bad !== undefined) judge.fail(entry, `Bad character '${bad}' in node name`);
  },
  { level: "error" },
);
