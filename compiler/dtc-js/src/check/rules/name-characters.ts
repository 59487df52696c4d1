import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 2.2.1: what names of nodes consist of. */
export const nodeNameChars = nodeCheck(
  "node_name_chars",
  (entry, judge) => {
    const bad = /[^a-zA-Z0-9,._+\-@]/u.exec(entry.node.name)?.[0];
    if (bad !== undefined) judge.fail(entry, `Bad character '${bad}' in node name`);
  },
  { level: "error" },
);

/** What dtc recommends beyond that. */
export const nodeNameCharsStrict = nodeCheck(
  "node_name_chars_strict",
  (entry, judge) => {
    const bad = /[^a-zA-Z0-9,-]/u.exec(entry.node.name.replace(/@.*/s, ""))?.[0];
    if (bad !== undefined) judge.fail(entry, `Character '${bad}' not recommended in node name`);
  },
  { level: "off" },
);

/** At most one unit address. */
export const nodeNameFormat = nodeCheck(
  "node_name_format",
  (entry, judge) => {
    if (entry.node.name.split("@").length > 2) judge.fail(entry, "multiple '@' characters in node name");
  },
  { level: "error", needs: ["node_name_chars"] },
);

/** Only the root has no name. */
export const nodeNameNotEmpty = nodeCheck(
  "node_name_not_empty",
  (entry, judge) => {
    if (entry.parent && entry.node.name === "") judge.fail(entry, "Empty node name");
  },
  { level: "error" },
);

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

/** A node and a property of one name look alike in a path. */
export const nodeNameVsPropertyName = nodeCheck("node_name_vs_property_name", (entry, judge) => {
  const { parent } = entry;
  if (parent?.node.properties.some(({ name }) => name === entry.node.name)) {
    judge.fail(entry, "node name and property name conflict");
  }
});
