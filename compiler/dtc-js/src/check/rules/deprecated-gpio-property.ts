import { nodeCheck } from "../check.ts";

export const deprecatedGpioProperty = nodeCheck(
  "deprecated_gpio_property",
  (entry, judge) => {
    for (const property of entry.node.properties) {
      if (!/(?:^|-)gpio$/.test(property.name)) continue;
      judge.fail(entry, "'[*-]gpio' is deprecated, use '[*-]gpios' instead", property);
    }
  },
  { level: "off" },
);
