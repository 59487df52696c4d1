import { readCell } from "./read.ts";
import type { DeviceTree, Node, Property } from "./tree.ts";

/** A node and where it is. The root's path is "/". */
export interface Located {
  readonly path: string;
  readonly node: Node;
  readonly parent?: Located;
}

export const childPath = (parent: string, name: string): string => (parent === "/" ? `/${name}` : `${parent}/${name}`);

/** All nodes, each before its children, in order. */
export function* walk(tree: DeviceTree): Generator<Located, void> {
  const stack: Located[] = [{ path: "/", node: tree.root }];
  for (let here = stack.pop(); here; here = stack.pop()) {
    yield here;
    const parent = here;
    for (const node of parent.node.children.toReversed()) {
      stack.push({ path: childPath(parent.path, node.name), node, parent });
    }
  }
}

export function getProperty(node: Node, name: string): Property | undefined {
  for (const property of node.properties) if (property.name === name) return property;
  return undefined;
}

/** "uart@9000000" -> "uart" */
export const baseName = (name: string): string => {
  const at = name.indexOf("@");
  return at < 0 ? name : name.slice(0, at);
};

/** The child of that name; a name without unit address also finds the first child that has one. */
export const findChild = (node: Node, name: string): Node | undefined =>
  node.children.find((child) => child.name === name) ??
  (name.includes("@") ? undefined : node.children.find((child) => baseName(child.name) === name));

/** By full path, "/soc/uart@9000000"; a unit address may be left out. */
export function findNode(tree: DeviceTree, path: string): Node | undefined {
  if (!path.startsWith("/")) return undefined;
  let node: Node | undefined = tree.root;
  for (const name of path.split("/")) if (name !== "" && node) node = findChild(node, name);
  return node;
}

/** As `findNode`, with the way that leads to it: what a property means depends on the nodes above. */
export function findByPath(tree: DeviceTree, path: string): Located | undefined {
  if (!path.startsWith("/")) return undefined;
  let here: Located | undefined = { path: "/", node: tree.root };
  for (const name of path.split("/")) if (name !== "" && here) here = childOf(here, name);
  return here;
}

function childOf(parent: Located, name: string): Located | undefined {
  const node = findChild(parent.node, name);
  return node && { path: childPath(parent.path, node.name), node, parent };
}

export function findByLabel(tree: DeviceTree, label: string): Located | undefined {
  for (const here of walk(tree)) if (here.node.labels.some(({ name }) => name === label)) return here;
  return undefined;
}

/** The node's phandle: `phandle`, or the older `linux,phandle`. */
export function phandleOf(node: Node): number | undefined {
  const property = getProperty(node, "phandle") ?? getProperty(node, "linux,phandle");
  return property && readCell(property.value);
}

export function findByPhandle(tree: DeviceTree, phandle: number): Located | undefined {
  for (const here of walk(tree)) if (phandleOf(here.node) === phandle) return here;
  return undefined;
}
