import { childPath } from "../find.ts";
import { readString } from "../read.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Label, Node } from "../tree.ts";

/** Gives nodes the labels that `__symbols__` notes: a blob has no others. dtc 1.8 prints them. */
export function labelsFromSymbols(tree: DeviceTree): DeviceTree {
  const symbols = tree.root.children.find(({ name }) => name === "__symbols__");
  const byPath = new Map<string, Label[]>();
  for (const { name, value } of symbols?.properties ?? []) {
    // libfdt ends the path of a fragment's own label with a slash.
    const path = readString(value)?.replace(/(?<=.)\/$/, "");
    if (path === undefined || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) continue;
    // As wherever labels are added, the newest stands in front.
    byPath.set(path, [{ name }, ...(byPath.get(path) ?? [])]);
  }
  if (byPath.size === 0) return tree;
  const visit = (node: Node, path: string): Node => {
    const labels = byPath.get(path) ?? node.labels;
    const children = mapShared(node.children, (child) => visit(child, childPath(path, child.name)));
    return labels === node.labels && children === node.children ? node : { ...node, labels, children };
  };
  return { ...tree, root: visit(tree.root, "/") };
}
