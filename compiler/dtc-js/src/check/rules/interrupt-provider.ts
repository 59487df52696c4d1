import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { isProvider } from "../interrupt-provider.ts";

/** A provider says how many cells an interrupt has, and whoever says so is one. */
export const interruptProvider = nodeCheck(
  "interrupt_provider",
  (entry, judge) => {
    const cells = getProperty(entry.node, "#interrupt-cells");
    if (isProvider(entry)) {
      if (!cells) judge.fail(entry, "Missing '#interrupt-cells' in interrupt provider");
    } else if (cells) judge.fail(entry, "'#interrupt-cells' found, but node is not an interrupt provider");
  },
  { needs: ["interrupts_extended_is_cell"] },
);
