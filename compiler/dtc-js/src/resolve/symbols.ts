import { node, property } from "../build.ts";
import { childPath, phandleOf } from "../find.ts";
import { MAX_PATHS } from "../limits.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Node, Property } from "../tree.ts";
import { cells, strings } from "../value.ts";
import { phandleProperties, type PhandleFormat } from "./phandles.ts";
import { appendChild } from "./append.ts";

/**
 * dtc's -@: a phandle for each node with a label, and `__symbols__` with the path of each label. Throws a `RangeError`
 * where these have more than `MAX_PATHS` bytes.
 */
export function addSymbols(tree: DeviceTree, phandles: PhandleFormat = "epapr"): DeviceTree {
  const withPhandles = givePhandles(tree, phandleProperties[phandles]);
  return { ...withPhandles, root: withPaths(withPhandles.root, "__symbols__") };
}

/** dtc's -A: an alias for each label. Throws a `RangeError` as `addSymbols` does. */
export const addAliases = (tree: DeviceTree): DeviceTree => ({ ...tree, root: withPaths(tree.root, "aliases") });

/** Labels of `/` and of what is no part of the described machine are no symbols. */
function labelled(root: Node, into: string): readonly Property[] {
  const found: Property[] = [];
  let room = MAX_PATHS;
  const visit = (from: Node, path: string): void => {
    for (const child of from.children) {
      const at = childPath(path, child.name);
      room -= child.labels.length * (at.length + 1);
      if (room < 0) throw new RangeError(`the paths in ${into} have more than ${MAX_PATHS} bytes`);
      // As dtc lists them: labels of a node as it prints them, the node before its children.
      for (const { name } of child.labels) found.push(property(name, strings(at)));
      visit(child, at);
    }
  };
  visit(root, "/");
  return found;
}

/** What the node of that name has already stays as it is. */
function withPaths(root: Node, name: string): Node {
  const found = labelled(root, name);
  if (found.length === 0) return root;
  const index = root.children.findIndex((child) => child.name === name);
  const known = root.children[index];
  const taken = new Set(known?.properties.map((each) => each.name));
  const properties = [...(known?.properties ?? []), ...found.filter((each) => !taken.has(each.name))];
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
    if (from !== tree.root && from.labels.length > 0 && phandleOf(from) === undefined) {
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
