import { latin1 } from "../latin1.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Label, Node, Value } from "../tree.ts";
import { indexTree, pathFinder, type Entry } from "./index-tree.ts";

/** Is told each path in `__symbols__` at which there is no node, and for which label. */
export type NoteMissing = (path: string, label: string) => void;

/**
 * Gives nodes the labels that `__symbols__` notes, in front of those that they have: a blob has no others. dtc 1.8 does
 * it to each tree. What cannot be a label is left out.
 */
export function labelsFromSymbols(tree: DeviceTree, missing?: NoteMissing): DeviceTree {
  const symbols = tree.root.children.find(({ name }) => name === "__symbols__");
  if (!symbols || symbols.properties.length === 0) return tree;
  const { root } = indexTree(tree);
  const find = pathFinder();
  const labels = new Map<Entry, Map<string, Label>>();
  for (const { name, value } of symbols.properties) {
    const path = pathIn(value);
    // As dtc looks for it: "" is the root, and "/" a child without a name.
    const entry = path === "/" ? undefined : find(root, path);
    if (!entry) missing?.(path, name);
    else if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
      const known = labels.get(entry) ?? new Map(entry.node.labels.toReversed().map((label) => [label.name, label]));
      if (!known.has(name)) known.set(name, { name });
      labels.set(entry, known);
    }
  }
  const visit = (entry: Entry): Node => {
    const { node } = entry;
    const children = mapShared(node.children, (child, index) => {
      const below = entry.children[index];
      return below ? visit(below) : child;
    });
    const own = labels.get(entry);
    // The newest stands in front.
    if (own && own.size > node.labels.length) return { ...node, labels: Array.from(own.values()).reverse(), children };
    return children === node.children ? node : { ...node, children };
  };
  return labels.size === 0 ? tree : { ...tree, root: visit(root) };
}

/** The bytes up to the first NUL, whatever the value is. */
function pathIn({ bytes }: Value): string {
  const end = bytes.indexOf(0);
  return latin1(bytes, 0, end < 0 ? bytes.length : end);
}
