import { childPath, phandleOf } from "../find.ts";
import type { DeviceTree, Node, Reference } from "../tree.ts";

/** Kinds of bus whose children's unit addresses dtc can judge. */
export type Bus = "pci" | "simple-bus" | "i2c" | "spi";

/** A node, where it is, and what is found out about it on the way. */
export interface Entry {
  readonly node: Node;
  readonly path: string;
  readonly parent: Entry | undefined;
  readonly children: readonly Entry[];
  phandle: number | undefined;
  /** The phandle was free and given here, not by the source. */
  allocated: boolean;
  referenced: boolean;
  /** Once somebody has asked. */
  buses: readonly Bus[] | undefined;
}

class TreeEntry implements Entry {
  readonly node: Node;
  readonly parent: Entry | undefined;
  children: readonly Entry[] = none;
  phandle: number | undefined;
  allocated = false;
  referenced = false;
  buses: readonly Bus[] | undefined;

  constructor(node: Node, parent: Entry | undefined) {
    this.node = node;
    this.parent = parent;
  }

  /** Made when it is asked for: mostly for a message. */
  get path(): string {
    return this.parent ? childPath(this.parent.path, this.node.name) : "/";
  }
}

const none: readonly Entry[] = [];

export interface TreeIndex {
  readonly root: Entry;
  /** Each node before its children, as dtc visits them. */
  readonly entries: readonly Entry[];
  /** Those that have a property of that name, in the same order. */
  readonly having: (property: string) => readonly Entry[];
  /** What a reference stands for; the first of several. */
  readonly find: (target: Reference) => Entry | undefined;
  /**
   * What is at a path, as dtc looks for it: "" is where the path begins, "/" a child without a name. Slashes may be
   * doubled in front of a name, and one may stand at the end.
   */
  readonly at: (path: string, from?: Entry) => Entry | undefined;
  /** The first node that gives itself this phandle. */
  readonly byPhandle: (phandle: number) => Entry | undefined;
}

export function indexTree(tree: DeviceTree): TreeIndex {
  const entries: Entry[] = [];
  const byLabel = new Map<string, Entry>();
  const visit = (node: Node, parent: Entry | undefined): Entry => {
    const entry = new TreeEntry(node, parent);
    entries.push(entry);
    for (const { name } of node.labels) if (!byLabel.has(name)) byLabel.set(name, entry);
    if (node.children.length > 0) entry.children = node.children.map((child) => visit(child, entry));
    return entry;
  };
  const root = visit(tree.root, undefined);
  const byPath = pathFinder();
  const find = (target: Reference): Entry | undefined => {
    const slash = target.indexOf("/");
    if (slash < 0) return byLabel.get(target);
    const from = slash === 0 ? root : byLabel.get(target.slice(0, slash));
    return slash === target.length - 1 ? from : from && byPath(from, target.slice(slash));
  };
  const at = (path: string, from: Entry = root): Entry | undefined => byPath(from, path);
  return { root, entries, having: propertyFinder(entries), find, at, byPhandle: phandleFinder(entries) };
}

/** Goes down from the root, as dtc does; a map of whole paths would hold each long path again for every node below. */
function pathFinder(): (from: Entry, path: string) => Entry | undefined {
  const childrenOf = new Map<Entry, ReadonlyMap<string, Entry>>();
  const childOf = (entry: Entry, name: string): Entry | undefined => {
    let children = childrenOf.get(entry);
    if (!children) childrenOf.set(entry, (children = firstByName(entry.children)));
    return children.get(name);
  };
  return (from, path) => {
    let entry: Entry | undefined = path === "/" || path.endsWith("//") ? undefined : from;
    for (const name of path.split("/")) if (name !== "") entry = entry && childOf(entry, name);
    return entry;
  };
}

/** Made when the first is asked for: a tree that is only resolved needs none. */
function propertyFinder(entries: readonly Entry[]): (property: string) => readonly Entry[] {
  let owners: Map<string, Entry[]> | undefined;
  return (property) => {
    owners ??= byProperty(entries);
    return owners.get(property) ?? [];
  };
}

function byProperty(entries: readonly Entry[]): Map<string, Entry[]> {
  const owners = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const { name } of entry.node.properties) {
      const known = owners.get(name);
      if (!known) owners.set(name, [entry]);
      // A property that the node has twice.
      else if (known.at(-1) !== entry) known.push(entry);
    }
  }
  return owners;
}

/** Made when the first is asked for: most checks never do. */
function phandleFinder(entries: readonly Entry[]): (phandle: number) => Entry | undefined {
  let owners: Map<number, Entry> | undefined;
  return (phandle) => {
    if (!owners) {
      owners = new Map();
      for (const entry of entries) {
        const own = phandleOf(entry.node);
        if (own !== undefined && !owners.has(own)) owners.set(own, entry);
      }
    }
    return owners.get(phandle);
  };
}

function firstByName(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const map = new Map<string, Entry>();
  for (const entry of entries) if (!map.has(entry.node.name)) map.set(entry.node.name, entry);
  return map;
}
