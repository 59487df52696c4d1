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
  let byPath: Map<string, Entry> | undefined;
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
  const find = (target: Reference): Entry | undefined => {
    if (!target.startsWith("/")) return byLabel.get(target);
    byPath ??= firstByPath(entries);
    return byPath.get(normalize(target));
  };
  return { root, entries, find };
}

function firstByPath(entries: readonly Entry[]): Map<string, Entry> {
  const map = new Map<string, Entry>();
  for (const entry of entries) if (!map.has(entry.path)) map.set(entry.path, entry);
  return map;
}

/** dtc takes doubled and trailing slashes. */
const normalize = (path: string): string => path.replace(/\/+/g, "/").replace(/(?<=.)\/$/, "");
