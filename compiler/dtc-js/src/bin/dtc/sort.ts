import type { DeviceTree, Node } from "../../tree.ts";

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** dtc's -s: reservations by address, properties and children by name. */
export const sortTree = (tree: DeviceTree): DeviceTree => ({
  ...tree,
  reservations: tree.reservations.toSorted((a, b) => Number(a.address - b.address) || Number(a.size - b.size)),
  root: sortNode(tree.root),
});

const sortNode = (node: Node): Node => ({
  ...node,
  properties: node.properties.toSorted((a, b) => order(a.name, b.name)),
  children: node.children.map(sortNode).sort((a, b) => order(a.name, b.name)),
});
