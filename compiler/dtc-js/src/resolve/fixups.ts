import { node, property } from "../build.ts";
import { childPath } from "../find.ts";
import { readCells, readStrings } from "../read.ts";
import type { DeviceTree, Node, Value } from "../tree.ts";
import { isUnresolved } from "../unresolved.ts";
import { cells, concat, strings } from "../value.ts";
import { appendChild } from "./append.ts";

/**
 * Notes where phandles stand, as whoever applies an overlay needs it: `__fixups__` says which cells wait for a node of
 * the other tree, `__local_fixups__` which cells count from this tree's first phandle (dt-object-internal.txt of dtc).
 * References must have been resolved. Throws a `RangeError` where one that waits is a path: only labels have names.
 */
export function addFixups(tree: DeviceTree): DeviceTree {
  const waiting = new Map<string, string[]>();
  const local = noteReferences(tree.root, "/", waiting);
  let root = tree.root;
  if (waiting.size > 0) {
    const properties = Array.from(waiting, ([label, places]) => property(label, strings(...places)));
    root = mergeChild(root, node("__fixups__", { properties }));
  }
  if (local) root = mergeChild(root, { ...local, name: "__local_fixups__" });
  return root === tree.root ? tree : { ...tree, root };
}

/** The node with its cells that are phandles of this tree, and what is below it; undefined where there are none. */
function noteReferences(from: Node, path: string, waiting: Map<string, string[]>): Node | undefined {
  const found = from.properties.map((each) => {
    const offsets: number[] = [];
    for (const marker of each.value.markers) {
      if (marker.kind !== "phandle") continue;
      if (!isUnresolved(each.value.bytes, marker)) {
        offsets.push(marker.offset);
        continue;
      }
      if (marker.target.includes("/")) {
        throw new RangeError(`Can't generate fixup for reference to path &{${marker.target}}`);
      }
      const places = waiting.get(marker.target);
      const place = `${path}:${each.name}:${marker.offset}`;
      if (places) places.push(place);
      else waiting.set(marker.target, [place]);
    }
    return { name: each.name, offsets };
  });
  const properties = found
    .filter(({ offsets }) => offsets.length > 0)
    .map(({ name, offsets }) => property(name, concat(...offsets.map((offset) => cells(offset)))));
  const children = from.children
    .map((child) => noteReferences(child, childPath(path, child.name), waiting))
    .filter((child) => child !== undefined);
  return properties.length + children.length > 0 ? node(from.name, { properties, children }) : undefined;
}

/** Adds to what the source wrote into such a node itself. */
function mergeChild(parent: Node, child: Node): Node {
  const index = parent.children.findIndex(({ name }) => name === child.name);
  const known = parent.children[index];
  return known ? { ...parent, children: parent.children.with(index, merge(known, child)) } : appendChild(parent, child);
}

function merge(known: Node, more: Node): Node {
  let merged = known;
  for (const each of more.properties) {
    const index = merged.properties.findIndex(({ name }) => name === each.name);
    const old = merged.properties[index];
    const properties = old
      ? merged.properties.with(index, { ...old, value: append(old.value, each.value) })
      : [...merged.properties, each];
    merged = { ...merged, properties };
  }
  for (const child of more.children) merged = mergeChild(merged, child);
  return merged;
}

/** The offsets or the places of both, those that the source gave itself not twice. */
function append(known: Value, more: Value): Value {
  const [knownPlaces, morePlaces] = [readStrings(known), readStrings(more)];
  if (knownPlaces && morePlaces && morePlaces.every((place) => place.includes(":"))) {
    return strings(...new Set([...knownPlaces, ...morePlaces]));
  }
  const offsets = new Set([...(readCells(known) ?? []), ...(readCells(more) ?? [])]);
  return concat(...Array.from(offsets, (offset) => cells(offset)));
}
