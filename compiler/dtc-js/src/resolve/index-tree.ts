import { childPath } from "../find.ts";
import type { DeviceTree, Node, Reference } from "../tree.ts";

/** A node, where it is, and what is found out about it on the way. */
export interface Entry {
  readonly node: Node;
  readonly path: string;
  readonly children: readonly Entry[];
  phandle: number | undefined;
  /** The phandle was free and given here, not by the source. */
  allocated: boolean;
  referenced: boolean;
}

export interface TreeIndex {
  readonly root: Entry;
  /** Each node before its children, as dtc visits them. */
  readonly entries: readonly Entry[];
  /** What a reference stands for; the first of several. */
  readonly find: (target: Reference) => Entry | undefined;
}

export function indexTree(tree: DeviceTree): TreeIndex {
  const entries: Entry[] = [];
  const byLabel = new Map<string, Entry>();
  const visit = (node: Node, path: string): Entry => {
    const children: Entry[] = [];
    const entry: Entry = { node, path, children, phandle: undefined, allocated: false, referenced: false };
    entries.push(entry);
    for (const { name } of node.labels) if (!byLabel.has(name)) byLabel.set(name, entry);
    for (const child of node.children) children.push(visit(child, childPath(path, child.name)));
    return entry;
  };
  const root = visit(tree.root, "/");
  const byPath = pathFinder(root);
  const find = (target: Reference): Entry | undefined => {
    if (!target.startsWith("/")) return byLabel.get(target);
    return byPath(target);
  };
  return { root, entries, find };
}

/** Goes down from the root, as dtc does; a map of whole paths would hold each long path again for every node below. */
function pathFinder(root: Entry): (path: string) => Entry | undefined {
  const childrenOf = new Map<Entry, ReadonlyMap<string, Entry>>();
  const childOf = (entry: Entry, name: string): Entry | undefined => {
    let children = childrenOf.get(entry);
    if (!children) childrenOf.set(entry, (children = firstByName(entry.children)));
    return children.get(name);
  };
  return (path) => {
    let entry: Entry | undefined = root;
    // dtc takes doubled and trailing slashes.
    for (const name of path.split("/")) if (name !== "") entry = entry && childOf(entry, name);
    return entry;
  };
}

function firstByName(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const map = new Map<string, Entry>();
  for (const entry of entries) if (!map.has(entry.node.name)) map.set(entry.node.name, entry);
  return map;
}
