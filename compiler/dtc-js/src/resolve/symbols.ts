import { node, property } from "../build.ts";
import { childPath, phandleOf } from "../find.ts";
import { MAX_PATHS } from "../limits.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Node, Property } from "../tree.ts";
import { cells, strings } from "../value.ts";
import { phandleProperties, type PhandleFormat } from "./phandles.ts";
import { appendChild } from "./append.ts";

/** Is told each label whose name the node has already: what it has stays. */
export type NoteTaken = (label: string) => void;

/**
 * dtc's -@: a phandle for each node with a label, and `__symbols__` with the path of each label. Throws a `RangeError`
 * where these have more than `MAX_PATHS` bytes.
 */
export function addSymbols(tree: DeviceTree, phandles: PhandleFormat = "epapr", taken?: NoteTaken): DeviceTree {
  const withPhandles = givePhandles(tree, phandleProperties[phandles]);
  return { ...withPhandles, root: withPaths(withPhandles.root, "__symbols__", taken) };
}

/** dtc's -A: an alias for each label. Throws a `RangeError` as `addSymbols` does. */
export const addAliases = (tree: DeviceTree, taken?: NoteTaken): DeviceTree => ({
  ...tree,
  root: withPaths(tree.root, "aliases", taken),
});

/** In dtc's order: labels of a node as it prints them, the node before its children. */
function labelled(root: Node, into: string): readonly Property[] {
  const found: Property[] = [];
  let room = MAX_PATHS;
  const visit = (from: Node, path: string): void => {
    room -= from.labels.length * (path.length + 1);
    if (room < 0) throw new RangeError(`the paths in ${into} have more than ${MAX_PATHS} bytes`);
    for (const { name } of from.labels) found.push(property(name, strings(path)));
    for (const child of from.children) visit(child, childPath(path, child.name));
  };
  visit(root, "/");
  return found;
}

function withPaths(root: Node, name: string, taken: NoteTaken | undefined): Node {
  const found = labelled(root, name);
  if (found.length === 0) return root;
  const index = root.children.findIndex((child) => child.name === name);
  const known = root.children[index];
  const names = new Set(known?.properties.map((each) => each.name));
  const added = found.filter((each) => {
    if (names.has(each.name)) {
      taken?.(each.name);
      return false;
    }
    names.add(each.name);
    return true;
  });
  const properties = [...(known?.properties ?? []), ...added];
  return known
    ? { ...root, children: root.children.with(index, { ...known, properties }) }
    : appendChild(root, node(name, { properties }));
}

function givePhandles(tree: DeviceTree, names: readonly string[]): DeviceTree {
  const used = new Set<number>();
  const collect = (from: Node): void => {
    const phandle = phandleOf(from);
    if (phandle !== undefined) used.add(phandle);
    from.children.forEach(collect);
  };
  collect(tree.root);
  let next = 1;
  const give = (from: Node): Node => {
    let own: readonly Property[] = [];
    if (from.labels.length > 0 && phandleOf(from) === undefined) {
      while (used.has(next)) next++;
      const phandle = next++;
      own = names.map((name) => property(name, cells(phandle)));
    }
    const children = mapShared(from.children, give);
    if (own.length === 0 && children === from.children) return from;
    return { ...from, properties: [...from.properties, ...own], children };
  };
  const root = give(tree.root);
  return root === tree.root ? tree : { ...tree, root };
}
