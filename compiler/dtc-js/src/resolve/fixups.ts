import { node, property } from "../build.ts";
import type { Diagnostic, Result } from "../diagnostic.ts";
import { childPath } from "../find.ts";
import { latin1 } from "../latin1.ts";
import { MAX_ERRORS, MAX_PATHS } from "../limits.ts";
import { readCells } from "../read.ts";
import { whereOf } from "../report.ts";
import { answer, refusal } from "../result.ts";
import type { Span } from "../span.ts";
import type { DeviceTree, Node, Reference, Value } from "../tree.ts";
import { cells, concat, join, strings } from "../value.ts";
import { indexTree, type TreeIndex } from "./index-tree.ts";

/**
 * Notes where phandles stand, as whoever applies an overlay needs it: `__fixups__` says which cells wait for a node of
 * the other tree, `__local_fixups__` which cells count from this tree's first phandle (dt-object-internal.txt of dtc).
 * References must have been resolved. Refused where one that waits is a path, as only labels have names, and where the
 * places have more than `MAX_PATHS` bytes.
 */
export function addFixups(tree: DeviceTree): Result<DeviceTree> {
  const waiting: Waiting = {
    places: new Map(),
    room: MAX_PATHS,
    refused: [],
    warnings: [],
    find: indexTree(tree).find,
  };
  const local = noteReferences(tree.root, "/", waiting);
  if (waiting.refused.length > 0) return refusal(waiting.refused);
  let root = tree.root;
  if (waiting.places.size > 0) {
    const properties = Array.from(waiting.places, ([label, each]) => property(label, places.make(each)));
    root = mergeChild(root, node("__fixups__", { properties }), places, waiting);
  }
  if (local) root = mergeChild(root, { ...local, name: "__local_fixups__" }, offsets, waiting);
  return answer(root === tree.root ? tree : { ...tree, root }, waiting.warnings);
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
  readonly warnings: Diagnostic[];
}

function noteWaiting(target: Reference, place: string, span: Span | undefined, waiting: Waiting): void {
  const refuse = (message: string): void => {
    if (waiting.refused.length < MAX_ERRORS)
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
    const own: number[] = [];
    for (const marker of each.value.markers) {
      if (marker.kind !== "phandle") continue;
      const { offset, target, span } = marker;
      if (waiting.find(target)) own.push(offset);
      else noteWaiting(target, `${path}:${each.name}:${offset}`, span, waiting);
    }
    return { name: each.name, offsets: own };
  });
  const properties = found
    .filter(({ offsets }) => offsets.length > 0)
    .map((each) => property(each.name, offsets.make(each.offsets)));
  const children = from.children
    .map((child) => noteReferences(child, childPath(path, child.name), waiting))
    .filter((child) => child !== undefined);
  return properties.length + children.length > 0 ? node(from.name, { properties, children }) : undefined;
}

/** What one of the two nodes has in its properties. */
interface Kind<T> {
  readonly node: string;
  /** Undefined where the value is no such list. */
  readonly read: (value: Value) => readonly T[] | undefined;
  readonly make: (items: readonly T[]) => Value;
}

const places: Kind<string> = {
  node: "__fixups__",
  read: ({ bytes }) => {
    if (bytes.length === 0) return [];
    return bytes.at(-1) === 0 ? latin1(bytes, 0, bytes.length - 1).split("\0") : undefined;
  },
  make: (items) => join(items.map((place) => strings(place))),
};

const offsets: Kind<number> = {
  node: "__local_fixups__",
  read: readCells,
  make: (items) => join(items.map((offset) => cells(offset))),
};

/** Adds to what the source wrote into such a node itself. */
function mergeChild<T>(parent: Node, child: Node, kind: Kind<T>, notes: Waiting): Node {
  return { ...parent, children: mergeChildren(parent.children, [child], kind, notes) };
}

function mergeChildren<T>(
  known: readonly Node[],
  more: readonly Node[],
  kind: Kind<T>,
  notes: Waiting,
): readonly Node[] {
  const children = [...known];
  const indexes = indexesOf(children);
  for (const child of more) {
    const index = indexes.get(child.name);
    const old = index === undefined ? undefined : children[index];
    if (index === undefined || !old) children.push(child);
    else children[index] = merge(old, child, kind, notes);
  }
  return children;
}

/** The first of each name. */
function indexesOf(items: readonly { readonly name: string }[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  items.forEach(({ name }, index) => {
    if (!indexes.has(name)) indexes.set(name, index);
  });
  return indexes;
}

function merge<T>(known: Node, more: Node, kind: Kind<T>, notes: Waiting): Node {
  const properties = [...known.properties];
  const indexes = indexesOf(properties);
  for (const each of more.properties) {
    const index = indexes.get(each.name);
    const old = index === undefined ? undefined : properties[index];
    if (index === undefined || !old) properties.push(each);
    else properties[index] = { ...old, value: append(old.value, each.value, kind, notes) };
  }
  return { ...known, properties, children: mergeChildren(known.children, more.children, kind, notes) };
}

/** What the source gave itself stays as it is; what it has not is put behind it. */
function append<T>(known: Value, more: Value, kind: Kind<T>, { warnings }: Waiting): Value {
  const items = kind.read(known);
  if (!items) {
    const message = `Preexisting data in ${kind.node} malformed, some content could not be added.`;
    warnings.push({ code: "phandle_references", severity: "warning", message });
    return known;
  }
  const all = new Set(items);
  const missing = (kind.read(more) ?? []).filter((each) => !all.has(each));
  return missing.length === 0 ? known : concat(known, kind.make(missing));
}
