import { stringsOf } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 3.3: names and paths of aliases. */
export const aliasPaths = nodeCheck("alias_paths", (entry, judge) => {
  if (entry.node.name !== "aliases" || !entry.parent || entry.parent.parent) return;
  for (const property of entry.node.properties) {
    if (property.name === "phandle" || property.name === "linux,phandle") continue;
    const path = stringsOf(property)[0] ?? "";
    // Like dtc's, this path may be empty: the root.
    if (!judge.index.find(path.startsWith("/") ? path : `/${path}`)) {
      judge.fail(entry, `aliases property is not a valid node (${path})`, property);
    } else if (!/^[a-z0-9-]*$/.test(property.name)) {
      judge.fail(entry, "aliases property name must include only lowercase and '-'");
    }
  }
});
