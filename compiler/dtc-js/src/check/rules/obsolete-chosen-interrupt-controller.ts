import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";

/** /chosen names the root of the interrupt tree no longer. */
export const obsoleteChosenInterruptController = nodeCheck("obsolete_chosen_interrupt_controller", (entry, judge) => {
  if (entry.parent) return;
  const chosen = entry.children.find(({ node }) => node.name === "chosen");
  const old = chosen && getProperty(chosen.node, "interrupt-controller");
  if (old) judge.fail(entry, '/chosen has obsolete "interrupt-controller" property', old);
});
