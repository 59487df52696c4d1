import { nodeCheck } from "../check.ts";

/** 2.2.4.1: what names of properties consist of. */
export const propertyNameChars = nodeCheck(
  "property_name_chars",
  (entry, judge) => {
    for (const property of entry.node.properties) {
      const bad = /[^a-zA-Z0-9,._+*#?-]/u.exec(property.name)?.[0];
      if (bad !== undefined) judge.fail(entry, `Bad character '${bad}' in property name`, property);
    }
  },
  { level: "error" },
);
