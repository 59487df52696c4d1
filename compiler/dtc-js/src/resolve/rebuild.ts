import { property } from "../build.ts";
import { getProperty } from "../find.ts";
import { mapShared } from "../same.ts";
import type { Node, Property } from "../tree.ts";
import { cells } from "../value.ts";
import { fillValue, type Targets } from "./fill.ts";
import type { Entry, TreeIndex } from "./index-tree.ts";

/** The root with everything filled in that references stand for, and without what is omitted; `names` of the properties that hold phandles. */
export const rebuild = (index: TreeIndex, names: readonly string[]): Node =>
  rebuildNode(index.root, names, {
    phandle: (target) => index.find(target)?.phandle,
    path: (target) => index.find(target)?.path,
  });

/** Nodes without anything to fill stay the objects that they are. */
function rebuildNode(entry: Entry, names: readonly string[], targets: Targets): Node {
  const { node } = entry;
  const children = mapShared(node.children, (child, index) => {
    const below = entry.children[index];
    if (!below) return child;
    return child.omitIfNoRef && !below.referenced ? undefined : rebuildNode(below, names, targets);
  });
  const filled = mapShared(node.properties, (each) => fill(each, targets));
  const own = ownPhandle(entry, names);
  if (own.length === 0 && filled === node.properties && children === node.children) return node;
  return { ...node, properties: own.length > 0 ? [...filled, ...own] : filled, children };
}

function ownPhandle({ node, phandle, allocated }: Entry, names: readonly string[]): readonly Property[] {
  if (!allocated || phandle === undefined) return [];
  return names.filter((name) => !getProperty(node, name)).map((name) => property(name, cells(phandle)));
}

const fill = (property: Property, targets: Targets): Property =>
  property.value.markers.some(({ kind }) => kind === "phandle" || kind === "path")
    ? { ...property, value: fillValue(property.value, targets) }
    : property;
