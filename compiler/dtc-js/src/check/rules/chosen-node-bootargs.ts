import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { isString } from "../string-check.ts";

export const chosenNodeBootargs = nodeCheck("chosen_node_bootargs", (entry, judge) => {
  if (entry.node.name !== "chosen") return;
  const bootargs = getProperty(entry.node, "bootargs");
  if (bootargs && !isString(bootargs.value)) judge.fail(entry, "property is not a string", bootargs);
});
