import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { isStringList } from "../string-check.ts";

export const compatibleIsStringList = nodeCheck(
  "compatible_is_string_list",
  (entry, judge) => {
    const found = getProperty(entry.node, "compatible");
    if (found && !isStringList(found.value)) judge.fail(entry, "property is not a string list", found);
  },
  { property: "compatible" },
);
