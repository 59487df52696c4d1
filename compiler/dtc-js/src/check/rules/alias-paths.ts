import { untilNul } from "../../latin1.ts";
import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 3.3: names and paths of aliases; like dtc, of each node of that name. */
export const aliasPaths = nodeCheck("alias_paths", (entry, judge) => {
  if (entry.node.name !== "aliases") return;
  for (const property of entry.node.properties) {
    if (property.name === "phandle" || property.name === "linux,phandle") continue;
    const { bytes } = property.value;
    // Like dtc's, this path may be empty, whatever follows: the root.
    const path = bytes.length > 0 ? untilNul(bytes) : undefined;
    const leads = path !== undefined && judge.index.at(path);
    // An overlay's may lead to a node of the tree that it will change.
    if (!leads && !judge.tree.plugin) {
      judge.fail(entry, `aliases property is not a valid node (${path ?? "(null)"})`, property);
    } else if (!/^[a-z0-9-]*$/.test(property.name)) {
      judge.fail(entry, "aliases property name must include only lowercase and '-'");
    }
  }
});
