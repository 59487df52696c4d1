import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { isString } from "../string-check.ts";

export const chosenNodeStdoutPath = nodeCheck("chosen_node_stdout_path", (entry, judge) => {
  if (entry.node.name !== "chosen") return;
  const path = getProperty(entry.node, "stdout-path");
  const old = getProperty(entry.node, "linux,stdout-path");
  if (path && !isString(path.value)) judge.fail(entry, "property is not a string", path);
  else if (!path && old) judge.fail(entry, "Use 'stdout-path' instead", old);
});
