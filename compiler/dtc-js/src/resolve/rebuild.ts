import { property } from "../build.ts";
import { ByteStore } from "../byte-store.ts";
import { getProperty } from "../find.ts";
import { mapShared } from "../same.ts";
import type { Marker, Node, Property, Reference } from "../tree.ts";
import { putWord } from "../words.ts";
import { fillValue, type Targets } from "./fill.ts";
import type { Entry, TreeIndex } from "./index-tree.ts";

/** What is done to a tree: phandles written and given out, paths written, `/omit-if-no-ref/` nodes dropped. */
export type Step = "phandles" | "paths" | "omission";

interface Filling {
  readonly steps: ReadonlySet<Step>;
  /** Of the properties that hold phandles. */
  readonly names: readonly string[];
  readonly targets: Targets;
  readonly store: ByteStore;
}

/** The root after these steps; `names` of the properties that hold phandles. */
export function rebuild(index: TreeIndex, names: readonly string[], steps: ReadonlySet<Step>): Node {
  const { root, find } = index;
  // A tree cannot be without a root.
  if (steps.has("omission") && isOmitted(root)) return { ...root.node, properties: [], children: [] };
  const targets = {
    phandle: (target: Reference) => (steps.has("phandles") ? find(target)?.phandle : undefined),
    path: (target: Reference) => (steps.has("paths") ? find(target)?.path : undefined),
  };
  return rebuildNode(root, { steps, names, targets, store: new ByteStore() });
}

const isOmitted = ({ node, referenced }: Entry): boolean => node.omitIfNoRef === true && !referenced;

/** Nodes without anything to fill stay the objects that they are. */
function rebuildNode(entry: Entry, filling: Filling): Node {
  const { node } = entry;
  const children = mapShared(node.children, (child, index) => {
    const below = entry.children[index];
    if (!below) return child;
    return filling.steps.has("omission") && isOmitted(below) ? undefined : rebuildNode(below, filling);
  });
  const filled = mapShared(node.properties, (each) => fill(each, filling));
  const own = ownPhandle(entry, filling);
  if (own.length === 0 && filled === node.properties && children === node.children) return node;
  return { ...node, properties: own.length > 0 ? [...filled, ...own] : filled, children };
}

function ownPhandle({ node, phandle, allocated }: Entry, { steps, names, store }: Filling): readonly Property[] {
  if (!steps.has("phandles") || !allocated || phandle === undefined) return [];
  const bytes = store.take(4);
  putWord(bytes, 0, phandle);
  const missing = names.filter((name) => !getProperty(node, name));
  return missing.map((name) => property(name, { bytes, markers: oneCell }));
}

const oneCell: readonly Marker[] = Object.freeze<Marker[]>([
  Object.freeze<Marker>({ kind: "type", offset: 0, type: "uint32" }),
]);

const fill = (property: Property, { targets, store }: Filling): Property =>
  property.value.markers.some(({ kind }) => kind === "phandle" || kind === "path")
    ? { ...property, value: fillValue(property.value, targets, store) }
    : property;
