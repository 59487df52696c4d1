import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { isString } from "./string-properties.ts";

/** Devicetree Specification 0.4, 3.6. */
export const chosenNodeIsRoot = nodeCheck("chosen_node_is_root", (entry, judge) => {
  if (entry.node.name === "chosen" && entry.parent && entry.parent.path !== "/") {
    judge.fail(entry, "chosen node must be at root node");
  }
});

export const chosenNodeBootargs = nodeCheck("chosen_node_bootargs", (entry, judge) => {
  if (entry.node.name !== "chosen") return;
  const bootargs = getProperty(entry.node, "bootargs");
  if (bootargs && !isString(bootargs.value)) judge.fail(entry, "property is not a string", bootargs);
});

export const chosenNodeStdoutPath = nodeCheck("chosen_node_stdout_path", (entry, judge) => {
  if (entry.node.name !== "chosen") return;
  const path = getProperty(entry.node, "stdout-path");
  const old = getProperty(entry.node, "linux,stdout-path");
  if (path && !isString(path.value)) judge.fail(entry, "property is not a string", path);
  else if (!path && old) judge.fail(entry, "Use 'stdout-path' instead", old);
});

/** /chosen names the root of the interrupt tree no longer. */
export const obsoleteChosenInterruptController = nodeCheck("obsolete_chosen_interrupt_controller", (entry, judge) => {
  if (entry.parent) return;
  const chosen = entry.children.find(({ node }) => node.name === "chosen");
  const old = chosen && getProperty(chosen.node, "interrupt-controller");
  if (old) judge.fail(entry, '/chosen has obsolete "interrupt-controller" property', old);
});
