import { untilNul } from "../latin1.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Label, Node } from "../tree.ts";
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
  const names = new Map<Entry, Set<string>>();
  const labels = new Map<Entry, Label[]>();
  for (const { name, value } of symbols.properties) {
    const path = untilNul(value.bytes);
    const entry = index.at(path);
    if (!entry) {
      missing?.(path, name);
      continue;
    }
    const known = names.get(entry) ?? new Set(entry.node.labels.map((label) => label.name));
    names.set(entry, known);
    if (known.has(name)) continue;
    known.add(name);
    const added = labels.get(entry) ?? [];
    labels.set(entry, added);
    added.push({ name });
  }
  return labels.size === 0 ? tree : { ...tree, root: withLabels(index.root, labels) };
}

function withLabels(entry: Entry, labels: ReadonlyMap<Entry, readonly Label[]>): Node {
  const { node } = entry;
  const children = mapShared(node.children, (child, index) => {
    const below = entry.children[index];
    return below ? withLabels(below, labels) : child;
  });
  const added = labels.get(entry);
  // The newest stands in front.
  if (added) return { ...node, labels: [...added.toReversed(), ...node.labels], children };
  return children === node.children ? node : { ...node, children };
}
