import { nodeCheck } from "../check.ts";

/** What dtc recommends beyond that: "#" only in front, and no "_", except in what device_type is called. */
export const propertyNameCharsStrict = nodeCheck(
  "property_name_chars_strict",
  (entry, judge) => {
    for (const property of entry.node.properties) {
      if (property.name === "device_type") continue;
      const bad = /[^a-zA-Z0-9,-]/u.exec(property.name.replace(/^(?:[^#]*,)?#/, ""))?.[0];
      if (bad !== undefined) judge.fail(entry, `Character '${bad}' not recommended in property name`, property);
    }
  },
  { level: "off" },
);
