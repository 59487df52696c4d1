import { baseName, getProperty } from "../../find.ts";
import { latin1 } from "../../latin1.ts";
import { mapShared } from "../../same.ts";
import type { Node } from "../../tree.ts";
import type { Check } from "../check.ts";
import { isString } from "../string-check.ts";

/** `name` may only repeat what the node's name says; a sound one is dropped, as in dtc. */
export const nameProperties: Check = {
  name: "name_properties",
  level: "error",
  needs: ["name_is_string"],
  property: "name",
  start: (judge) => (entry) => {
    const property = getProperty(entry.node, "name");
    if (!property || !isString(property.value)) return;
    const name = latin1(property.value.bytes.subarray(0, -1));
    if (name === baseName(entry.node.name)) return;
    judge.fail(entry, `"name" property is incorrect ("${name}" instead of base node name)`, undefined, {
      span: property.span,
    });
  },
  finish: (judge) => {
    const root = withoutNames(judge.tree.root);
    if (root !== judge.tree.root) judge.replace({ ...judge.tree, root });
  },
};

function withoutNames(node: Node): Node {
  const children = mapShared(node.children, withoutNames);
  const properties = mapShared(node.properties, (each) => (each.name === "name" ? undefined : each));
  return children === node.children && properties === node.properties ? node : { ...node, properties, children };
}
