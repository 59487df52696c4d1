import { getProperty } from "../../find.ts";
import type { Value } from "../../tree.ts";
import { nodeCheck } from "../check.ts";

const isStringList = ({ bytes }: Value): boolean => bytes.length === 0 || bytes.at(-1) === 0;

export const compatibleIsStringList = nodeCheck(
  "compatible_is_string_list",
  (entry, judge) => {
    const found = getProperty(entry.node, "compatible");
    if (found && !isStringList(found.value)) judge.fail(entry, "property is not a string list", found);
  },
  { property: "compatible" },
);

/** `clock-names` and its kind. */
export const namesIsStringList = nodeCheck("names_is_string_list", (entry, judge) => {
  for (const property of entry.node.properties) {
    if (property.name.endsWith("-names") && !isStringList(property.value)) {
      judge.fail(entry, "property is not a string list", property);
    }
  }
});
