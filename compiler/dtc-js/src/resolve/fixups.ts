import { node, property } from "../build.ts";
import type { Diagnostic, Result } from "../diagnostic.ts";
import { childPath } from "../find.ts";
import { MAX_PATHS } from "../limits.ts";
import { readCells, readStrings } from "../read.ts";
import { whereOf } from "../report.ts";
import { answer, refusal } from "../result.ts";
import type { Span } from "../span.ts";
import type { DeviceTree, Node, Reference, Value } from "../tree.ts";
import { cells, concat, strings } from "../value.ts";
import { appendChild } from "./append.ts";
import { indexTree, type TreeIndex } from "./index-tree.ts";

/**
 * Notes where phandles stand, as whoever applies an overlay needs it: `__fixups__` says which cells wait for a node of
 * the other tree, `__local_fixups__` which cells count from this tree's first phandle (dt-object-internal.txt of dtc).
 * References must have been resolved. Refused where one that waits is a path, as only labels have names, and where the
 * places have more than `MAX_PATHS` bytes.
 */
export function addFixups(tree: DeviceTree): Result<DeviceTree> {
  const waiting: Waiting = { places: new Map(), room: MAX_PATHS, refused: [], find: indexTree(tree).find };
  const local = noteReferences(tree.root, "/", waiting);
  if (waiting.refused.length > 0) return refusal(waiting.refused);
  let root = tree.root;
  if (waiting.places.size > 0) {
    const properties = Array.from(waiting.places, ([label, places]) => property(label, strings(...places)));
    root = mergeChild(root, node("__fixups__", { properties }));
  }
  if (local) root = mergeChild(root, { ...local, name: "__local_fixups__" });
  return answer(root === tree.root ? tree : { ...tree, root });
}

/** What the cells that wait have told so far. */
interface Waiting {
  /** In this tree. A node that was omitted has left its phandle in the cells; they wait for another one of its label. */
  readonly find: TreeIndex["find"];
  /** By label. */
  readonly places: Map<string, string[]>;
  /** Bytes that are left for more places. */
  room: number;
  readonly refused: Diagnostic[];
}

function noteWaiting(target: Reference, place: string, span: Span | undefined, waiting: Waiting): void {
  const refuse = (message: string): void => {
    waiting.refused.push({ code: "phandle_references", severity: "error", message, ...(span && whereOf(span)) });
  };
  if (target.includes("/")) {
    refuse(`Can't generate fixup for reference to path &{${target}}`);
    return;
  }
  if (waiting.room < 0) return;
  waiting.room -= place.length + 1;
  if (waiting.room < 0) refuse(`the places in __fixups__ have more than ${MAX_PATHS} bytes`);
  const places = waiting.places.get(target);
  if (places) places.push(place);
  else waiting.places.set(target, [place]);
}

/** The node with its cells that are phandles of this tree, and what is below it; undefined where there are none. */
function noteReferences(from: Node, path: string, waiting: Waiting): Node | undefined {
  const found = from.properties.map((each) => {
    const offsets: number[] = [];
    for (const marker of each.value.markers) {
      if (marker.kind !== "phandle") continue;
      const { offset, target, span } = marker;
      if (waiting.find(target)) offsets.push(offset);
      else noteWaiting(target, `${path}:${each.name}:${offset}`, span, waiting);
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

/** What the source gave itself stays as it is; offsets or places that it has not are put behind it. */
function append(known: Value, more: Value): Value {
  const [knownPlaces, morePlaces] = [readStrings(known), readStrings(more)];
  if (knownPlaces && morePlaces && morePlaces.every((place) => place.includes(":"))) {
    return behind(known, missingIn(knownPlaces, morePlaces), strings);
  }
  return behind(known, missingIn(readCells(known) ?? [], readCells(more) ?? []), (...offsets) =>
    concat(...offsets.map((offset) => cells(offset))),
  );
}

function missingIn<T>(known: readonly T[], more: readonly T[]): readonly T[] {
  const all = new Set(known);
  return more.filter((each) => !all.has(each));
}

const behind = <T>(known: Value, items: readonly T[], make: (...items: readonly T[]) => Value): Value =>
  items.length === 0 ? known : concat(known, make(...items));
