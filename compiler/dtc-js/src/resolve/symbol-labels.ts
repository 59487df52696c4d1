import { latin1 } from "../latin1.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Label, Node, Value } from "../tree.ts";
import { indexTree, type Entry } from "./index-tree.ts";

/** Is told each path in `__symbols__` at which there is no node, and for which label. */
export type NoteMissing = (path: string, label: string) => void;

/**
 * Gives nodes the labels that `__symbols__` notes, in front of those that they have: a blob has no others. dtc 1.8 does
 * it to each tree, whatever the names are.
 */
export function labelsFromSymbols(tree: DeviceTree, missing?: NoteMissing): DeviceTree {
  const symbols = tree.root.children.find(({ name }) => name === "__symbols__");
  if (!symbols || symbols.properties.length === 0) return tree;
  const index = indexTree(tree);
  const labels = new Map<Entry, Map<string, Label>>();
  for (const { name, value } of symbols.properties) {
    const path = pathIn(value);
    const entry = index.at(path);
    if (!entry) missing?.(path, name);
    else if (!entry.node.labels.some((label) => label.name === name)) {
      const added = labels.get(entry) ?? new Map<string, Label>();
      labels.set(entry, added.set(name, { name }));
    }
  }
  return labels.size === 0 ? tree : { ...tree, root: withLabels(index.root, labels) };
}

function withLabels(entry: Entry, labels: ReadonlyMap<Entry, ReadonlyMap<string, Label>>): Node {
  const { node } = entry;
  const children = mapShared(node.children, (child, index) => {
    const below = entry.children[index];
    return below ? withLabels(below, labels) : child;
  });
  const added = labels.get(entry);
  // The newest stands in front.
  if (added) return { ...node, labels: [...Array.from(added.values()).reverse(), ...node.labels], children };
  return children === node.children ? node : { ...node, children };
}

/** The bytes up to the first NUL, whatever the value is. */
function pathIn({ bytes }: Value): string {
  const end = bytes.indexOf(0);
  return latin1(bytes, 0, end < 0 ? bytes.length : end);
}
