import { property } from "../build.ts";
import type { Result } from "../diagnostic.ts";
import { getProperty } from "../find.ts";
import { printReference } from "../print/literal.ts";
import { report, type Reporter } from "../report.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Marker, Node, PathMarker, PhandleMarker, Property } from "../tree.ts";
import { cells } from "../value.ts";
import { fillValue, type Targets } from "./fill.ts";
import { indexTree, type Entry, type TreeIndex } from "./index-tree.ts";
import { phandleAllocator, readExplicitPhandles } from "./phandles.ts";

/**
 * Fills in what references stand for: allocates phandles where they are needed, writes phandle cells and path strings,
 * drops `/omit-if-no-ref/` nodes that nothing refers to. Can be repeated after edits.
 */
export function resolveReferences(tree: DeviceTree): Result<DeviceTree> {
  const diagnostics: Reporter = [];
  const index = indexTree(tree);
  readExplicitPhandles(index, diagnostics);
  allocate(index, diagnostics);
  findPaths(index, diagnostics);
  if (diagnostics.length > 0) return { diagnostics };
  const targets: Targets = {
    phandle: (target) => index.find(target)?.phandle,
    path: (target) => index.find(target)?.path,
  };
  return { value: { ...tree, root: rebuild(index.root, targets) }, diagnostics };
}

/** dtc's check `phandle_references`: every target gets a phandle, in the order of the references. */
function allocate(index: TreeIndex, reporter: Reporter): void {
  const allocatePhandle = phandleAllocator(index);
  forEachReference(index, "phandle", (entry, property, marker) => {
    const target = index.find(marker.target);
    if (target) {
      target.referenced = true;
      allocatePhandle(target);
    } else missing(reporter, "phandle_references", entry, property, marker);
  });
}

/** dtc's check `path_references`. */
function findPaths(index: TreeIndex, reporter: Reporter): void {
  forEachReference(index, "path", (entry, property, marker) => {
    const target = index.find(marker.target);
    if (target) target.referenced = true;
    else missing(reporter, "path_references", entry, property, marker);
  });
}

/** Visits the references of one kind, in the order in which dtc does. */
function forEachReference<K extends "phandle" | "path">(
  index: TreeIndex,
  kind: K,
  visit: (entry: Entry, property: Property, marker: Extract<Marker, { kind: K }>) => void,
): void {
  for (const entry of index.entries) {
    for (const property of entry.node.properties) {
      for (const marker of property.value.markers) {
        if (marker.kind === kind) visit(entry, property, marker as Extract<Marker, { kind: K }>);
      }
    }
  }
}

function missing(
  reporter: Reporter,
  code: "phandle_references" | "path_references",
  { node, path }: Entry,
  { name, span }: Property,
  marker: PhandleMarker | PathMarker,
): void {
  const message = `${path}: "${name}" refers to ${printReference(marker.target)}, which does not exist`;
  report(reporter, code, message, marker.span ?? span ?? node.spans?.[0]);
}

/** Nodes without anything to fill stay the objects that they are. */
function rebuild(entry: Entry, targets: Targets): Node {
  const { node } = entry;
  const children = mapShared(node.children, (child, index) => {
    const below = entry.children[index];
    if (!below) return child;
    return child.omitIfNoRef && !below.referenced ? undefined : rebuild(below, targets);
  });
  const filled = mapShared(node.properties, (each) => fill(each, targets));
  const own = ownPhandle(entry);
  if (!own && filled === node.properties && children === node.children) return node;
  return { ...node, properties: own ? [...filled, own] : filled, children };
}

function ownPhandle({ node, phandle, allocated }: Entry): Property | undefined {
  if (!allocated || phandle === undefined || getProperty(node, "phandle")) return undefined;
  return property("phandle", cells(phandle));
}

const fill = (property: Property, targets: Targets): Property =>
  property.value.markers.some(({ kind }) => kind === "phandle" || kind === "path")
    ? { ...property, value: fillValue(property.value, targets) }
    : property;
