import { nodeCheck } from "../check.ts";

/** A node and a property of one name look alike in a path. */
export const nodeNameVsPropertyName = nodeCheck(
  "node_name_vs_property_name",
  (entry, judge) => {
    const { parent } = entry;
    if (parent?.node.properties.some(({ name }) => name === entry.node.name)) {
      judge.fail(entry, "node name and property name conflict");
    }
  },
  { needs: ["node_name_chars"] },
);
