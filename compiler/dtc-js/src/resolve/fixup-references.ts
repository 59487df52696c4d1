import { getProperty } from "../find.ts";
import { latin1 } from "../latin1.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Marker, Node, PhandleMarker, Property, Reference, Value, ValueType } from "../tree.ts";
import { wordAt } from "../words.ts";
import { indexTree, pathFinder, type Entry, type TreeIndex } from "./index-tree.ts";

/** Is told of each note that leads nowhere, in dtc's words. */
export type Warn = (message: string) => void;

/**
 * Makes references of the cells that `__fixups__` and `__local_fixups__` note (dt-object-internal.txt of dtc), as dtc
 * 1.8 does it to each tree. No byte changes. A note that leads nowhere is left out; `restoreOverlay` refuses it.
 */
export function referencesFromFixups(tree: DeviceTree, warn: Warn): DeviceTree {
  const fixups = tree.root.children.find(({ name }) => name === "__fixups__");
  const local = tree.root.children.find(({ name }) => name === "__local_fixups__");
  if (!fixups && !local) return tree;
  const index = indexTree(tree);
  const notes = new Notes(warn);
  if (fixups) noteFixups(fixups, index, notes);
  if (local) noteLocal(local, "/__local_fixups__", index.root, index, notes);
  return notes.count === 0 ? tree : { ...tree, root: withReferences(tree.root, notes) };
}

interface Note {
  readonly offset: number;
  readonly target: Reference;
}

class Notes {
  readonly warn: Warn;
  readonly #byProperty = new Map<Property, Note[]>();

  constructor(warn: Warn) {
    this.warn = warn;
  }

  get count(): number {
    return this.#byProperty.size;
  }

  add(property: Property, note: Note): void {
    const known = this.#byProperty.get(property);
    if (known) known.push(note);
    else this.#byProperty.set(property, [note]);
  }

  of(property: Property): readonly Note[] {
    return this.#byProperty.get(property) ?? [];
  }
}

const isInside = (offset: number, { value }: Property): boolean => offset >= 0 && offset + 4 <= value.bytes.length;

/** `label = "path:property:offset", …` */
function noteFixups(fixups: Node, { root }: TreeIndex, notes: Notes): void {
  const find = pathFinder();
  for (const { name: label, value } of fixups.properties) {
    for (const place of placesIn(value)) {
      const [, path, name, digits] = /^([^:]*):([^:]*):(.*)$/s.exec(place) ?? [];
      if (path === undefined || name === undefined || digits === undefined) {
        notes.warn(`Malformed fixup entry for label ${label}`);
        continue;
      }
      const offset = numberIn(digits);
      const entry = path === "/" ? undefined : find(root, path);
      const property = entry && getProperty(entry.node, name);
      if (!entry) notes.warn(`Label ${label} references non-existing node ${path}`);
      else if (!property) notes.warn(`Label ${label} references non-existing property ${entry.path} in node ${name}`);
      else if (isInside(offset, property)) notes.add(property, { offset, target: label });
      else notes.warn(`Label ${label} contains invalid offset for property ${name} in node ${entry.path}`);
    }
  }
}

/** Strings, each up to its NUL; the last may have none. */
function placesIn({ bytes }: Value): readonly string[] {
  const text = latin1(bytes);
  if (text === "") return [];
  return (text.endsWith("\0") ? text.slice(0, -1) : text).split("\0");
}

/** As C's `strtol` with base 0 reads it: decimal, octal or hexadecimal, up to what is no digit. */
function numberIn(text: string): number {
  const [, sign, hexadecimal, octal, decimal] =
    /^\s*([-+]?)(?:0x([0-9a-f]+)|(0[0-7]*)|([1-9][0-9]*))/i.exec(text) ?? [];
  const [digits, base] = hexadecimal ? [hexadecimal, 16] : octal ? [octal, 8] : [decimal ?? "0", 10];
  return (sign === "-" ? -1 : 1) * Number.parseInt(digits, base);
}

/** A node has cells with the offsets of the references in each property of its counterpart, `entry`. */
function noteLocal(local: Node, path: string, entry: Entry, index: TreeIndex, notes: Notes): void {
  for (const { name, value } of local.properties) {
    const property = getProperty(entry.node, name);
    if (!property) notes.warn(`Property ${name} in ${entry.path} referenced in __local_fixups__ missing`);
    else if (value.bytes.length % 4 !== 0) notes.warn(`property ${name} in ${path} malformed`);
    else for (let at = 0; at < value.bytes.length; at += 4) noteOwn(property, wordAt(value.bytes, at), index, notes);
  }
  for (const child of local.children) {
    const below = entry.children.find(({ node }) => node.name === child.name);
    if (below) noteLocal(child, `${path}/${child.name}`, below, index, notes);
    else notes.warn(`node ${child.name}/${entry.path} referenced in __local_fixups__ missing`);
  }
}

function noteOwn(property: Property, offset: number, index: TreeIndex, notes: Notes): void {
  const { name, value } = property;
  if (!isInside(offset, property)) {
    notes.warn(`property ${name} too short to contain a phandle at offset ${offset | 0}`);
    return;
  }
  const phandle = wordAt(value.bytes, offset);
  const found = index.byPhandle(phandle);
  if (found) notes.add(property, { offset, target: found.node.labels[0]?.name ?? found.path });
  else notes.warn(`node referenced by phandle 0x${phandle.toString(16)} in property ${name} not found`);
}

function withReferences(node: Node, notes: Notes): Node {
  const properties = mapShared(node.properties, (each) => {
    const references = apart(notes.of(each), each.value);
    return references.length === 0 ? each : { ...each, value: marked(each.value, references) };
  });
  const children = mapShared(node.children, (child) => withReferences(child, notes));
  return properties === node.properties && children === node.children ? node : { ...node, properties, children };
}

/** The first note of each cell that is no reference yet, by offset. */
function apart(notes: readonly Note[], { markers }: Value): readonly PhandleMarker[] {
  if (notes.length === 0) return [];
  const known = new Set(markers.filter(({ kind }) => kind === "phandle").map(({ offset }) => offset));
  const references: PhandleMarker[] = [];
  for (const { offset, target } of notes.toSorted((a, b) => a.offset - b.offset)) {
    const behind = (references.at(-1)?.offset ?? -4) + 4;
    if (offset >= behind && !known.has(offset)) references.push({ kind: "phandle", offset, target });
  }
  return references;
}

const marked = (value: Value, references: readonly PhandleMarker[]): Value => ({
  ...value,
  markers: value.markers.length > 0 ? among(value, references) : alone(value, references),
});

/** Of a source: only cells can be references. */
function among({ bytes, markers }: Value, references: readonly PhandleMarker[]): readonly Marker[] {
  const all: Marker[] = [];
  let next = 0;
  let type: ValueType | "unknown" = "unknown";
  let start = 0;
  const upTo = (end: number): void => {
    for (let each = references[next]; each && each.offset < end; each = references[++next]) {
      if (type === "uint32" && (each.offset - start) % 4 === 0) all.push(each);
    }
  };
  for (const marker of markers) {
    upTo(marker.offset);
    if (marker.kind === "type") ({ type, offset: start } = marker);
    all.push(marker);
  }
  upTo(bytes.length);
  return all;
}

/** Of a blob: each is a list of its own, and the type of what stands between them is guessed. */
function alone({ bytes }: Value, references: readonly PhandleMarker[]): readonly Marker[] {
  const all: Marker[] = [];
  let at = 0;
  const upTo = (end: number): void => {
    if (end > at) all.push({ kind: "type", offset: at, type: "unknown" });
  };
  for (const each of references) {
    upTo(each.offset);
    all.push({ kind: "type", offset: each.offset, type: "uint32" }, each);
    at = each.offset + 4;
  }
  upTo(bytes.length);
  return all;
}
