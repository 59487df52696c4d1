import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { checkPhandleArgs } from "../phandle-args.ts";

/** `gpios`, `reset-gpios`, and the old `gpio`, `reset-gpio`; "vendor,nr-gpios" is a count. */
const isGpioList = (name: string): boolean => /(?:^|-)gpios?$/.test(name) && !name.endsWith(",nr-gpios");

export const gpiosProperty = nodeCheck(
  "gpios_property",
  (entry, judge) => {
    // A hog's list is for the controller around it, and has no phandles.
    if (getProperty(entry.node, "gpio-hog")) return;
    for (const property of entry.node.properties) {
      if (isGpioList(property.name)) checkPhandleArgs(judge, entry, property, "#gpio-cells");
    }
  },
  { needs: ["phandle_references"] },
);
