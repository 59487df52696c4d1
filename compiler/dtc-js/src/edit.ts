import { property } from "./build.ts";
import { findNode, phandleOf, walk } from "./find.ts";
import type { DeviceTree, Node, Property } from "./tree.ts";
import { cells } from "./value.ts";

/** The tree with `change` applied to one node; everything beside the path is shared with the old tree. */
export function updateNode(tree: DeviceTree, path: string, change: (node: Node) => Node): DeviceTree {
  const target = findNode(tree, path);
  if (!target) throw new RangeError(`no node ${path}`);
  const names = path.split("/").filter((name) => name !== "");
  return { ...tree, root: rebuild(tree.root, names, 0, change) };
}

function rebuild(node: Node, names: readonly string[], depth: number, change: (node: Node) => Node): Node {
  const name = names[depth];
  if (name === undefined) return change(node);
  const exact = node.children.findIndex((child) => child.name === name);
  const index = exact >= 0 ? exact : node.children.findIndex((child) => child.name.startsWith(`${name}@`));
  const child = node.children[index];
  if (!child) return node;
  return { ...node, children: node.children.with(index, rebuild(child, names, depth + 1, change)) };
}

/** Replaces the property of that name in its place, or appends it. */
export const setProperty = (tree: DeviceTree, path: string, set: Property): DeviceTree =>
  updateNode(tree, path, (node) => withProperty(node, set));

function withProperty(node: Node, set: Property): Node {
  const index = node.properties.findIndex(({ name }) => name === set.name);
  return { ...node, properties: index < 0 ? [...node.properties, set] : node.properties.with(index, set) };
}

export const removeProperty = (tree: DeviceTree, path: string, name: string): DeviceTree =>
  updateNode(tree, path, (node) => ({
    ...node,
    properties: node.properties.filter((property) => property.name !== name),
  }));

/** Appends a child; a child of the same name is replaced in its place. */
export const addNode = (tree: DeviceTree, parent: string, child: Node): DeviceTree =>
  updateNode(tree, parent, (node) => {
    const index = node.children.findIndex(({ name }) => name === child.name);
    return { ...node, children: index < 0 ? [...node.children, child] : node.children.with(index, child) };
  });

export function removeNode(tree: DeviceTree, path: string): DeviceTree {
  const target = findNode(tree, path);
  if (!target || target === tree.root) throw new RangeError(`no node ${path} that can be removed`);
  const parent = path.replace(/\/+[^/]+\/*$/, "") || "/";
  return updateNode(tree, parent, (node) => ({ ...node, children: node.children.filter((child) => child !== target) }));
}

/** The node's phandle, given to it if it has none: the lowest free number from 1, as `dtc` counts. */
export function allocatePhandle(
  tree: DeviceTree,
  path: string,
): { readonly tree: DeviceTree; readonly phandle: number } {
  const target = findNode(tree, path);
  if (!target) throw new RangeError(`no node ${path}`);
  const known = phandleOf(target);
  if (known !== undefined) return { tree, phandle: known };
  const used = new Set<number | undefined>();
  for (const { node } of walk(tree)) used.add(phandleOf(node));
  let phandle = 1;
  while (used.has(phandle)) phandle++;
  return { tree: setProperty(tree, path, property("phandle", cells(phandle))), phandle };
}
