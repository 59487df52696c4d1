import type { Diagnostic, Result } from "../diagnostic.ts";
import { childPath } from "../find.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Node } from "../tree.ts";
import { checkDuplicateChildren, checkDuplicateProperties } from "./duplicates.ts";
import { labelChecker } from "./labels.ts";
import { checkNameProperty, checkNodeName, checkPropertyName } from "./names.ts";

/**
 * The checks that dtc never lets pass, before references are looked at. As in dtc, a sound `name` property is dropped:
 * the node's name says the same.
 */
export function checkStructure(tree: DeviceTree): Result<DeviceTree> {
  const diagnostics: Diagnostic[] = [];
  const checkLabels = labelChecker(diagnostics);
  const visit = (node: Node, path: string): Node => {
    checkNodeName(node, path, diagnostics);
    checkDuplicateChildren(node, path, diagnostics);
    checkDuplicateProperties(node, path, diagnostics);
    checkLabels(node, path);
    for (const property of node.properties) {
      checkPropertyName(property, path, diagnostics);
      if (property.name === "name") checkNameProperty(node, property, path, diagnostics);
    }
    const children = mapShared(node.children, (child) => visit(child, childPath(path, child.name)));
    const properties = mapShared(node.properties, (each) => (each.name === "name" ? undefined : each));
    return children === node.children && properties === node.properties ? node : { ...node, properties, children };
  };
  const root = visit(tree.root, "/");
  return diagnostics.length > 0 ? { diagnostics } : { value: { ...tree, root }, diagnostics };
}
