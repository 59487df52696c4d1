import { nodeCheck } from "../check.ts";
import { isStringList } from "../string-check.ts";

/** `clock-names` and its kind. */
export const namesIsStringList = nodeCheck("names_is_string_list", (entry, judge) => {
  for (const property of entry.node.properties) {
    if (property.name.endsWith("-names") && !isStringList(property.value)) {
      judge.fail(entry, "property is not a string list", property);
    }
  }
});
