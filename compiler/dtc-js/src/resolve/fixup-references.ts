import { firstByName } from "../by-name.ts";
import { childPath, getProperty } from "../find.ts";
import { latin1 } from "../latin1.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Node, Property, Reference, Value } from "../tree.ts";
import { wordAt } from "../words.ts";
import { indexTree, type Entry, type TreeIndex } from "./index-tree.ts";
import { markReferences, type Note } from "./mark-references.ts";

/** dtc knows an overlay's blob by its notes. */
export const asOverlay = (tree: DeviceTree): DeviceTree =>
  tree.root.children.some(({ name }) => name === "__fixups__" || name === "__local_fixups__")
    ? { ...tree, plugin: true }
    : tree;

/** Is told of each note that leads nowhere, in dtc's words. */
export type Warn = (message: string) => void;

/**
 * Makes references of the cells that `__fixups__` and `__local_fixups__` note (dt-object-internal.txt of dtc), as dtc
 * 1.8 does it to each tree. No byte changes. A note that leads nowhere is left out; `restoreOverlay` refuses it.
 */
export function referencesFromFixups(tree: DeviceTree, warn: Warn = () => undefined): DeviceTree {
  const fixups = tree.root.children.find(({ name }) => name === "__fixups__");
  const local = tree.root.children.find(({ name }) => name === "__local_fixups__");
  if (!fixups && !local) return tree;
  const index = indexTree(tree);
  const notes = new Notes(warn);
  if (fixups) noteFixups(fixups, index, notes);
  if (local) noteLocal(local, index.root, index, notes);
  return notes.count === 0 ? tree : { ...tree, root: withReferences(tree.root, notes) };
}

/** So many properties are looked through sooner than they are put into a map. */
const few = 12;

class Notes {
  readonly warn: Warn;
  readonly #byProperty = new Map<Property, Note[]>();
  readonly #paths = new Map<Entry, string>();
  readonly #properties = new Map<Entry, ReadonlyMap<string, Property>>();

  constructor(warn: Warn) {
    this.warn = warn;
  }

  /** A hostile tree has very many properties in one node. */
  propertyOf(entry: Entry, name: string): Property | undefined {
    if (entry.node.properties.length <= few) return getProperty(entry.node, name);
    const byName = this.#properties.get(entry) ?? firstByName(entry.node.properties);
    this.#properties.set(entry, byName);
    return byName.get(name);
  }

  /** Its label, else its path. */
  nameOf(entry: Entry): Reference {
    return entry.node.labels[0]?.name ?? this.#pathOf(entry);
  }

  /** Each is made once, of that of the node above: it may be long, and asked for very often. */
  #pathOf(entry: Entry): string {
    const known = this.#paths.get(entry);
    if (known !== undefined) return known;
    const path = entry.parent ? childPath(this.#pathOf(entry.parent), entry.node.name) : "/";
    this.#paths.set(entry, path);
    return path;
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
function noteFixups(fixups: Node, index: TreeIndex, notes: Notes): void {
  for (const { name: label, value } of fixups.properties) {
    for (const place of placesIn(value)) {
      const [, path, name, digits] = /^([^:]*):([^:]*):(.*)\0$/s.exec(place) ?? [];
      if (path === undefined || name === undefined || digits === undefined) {
        notes.warn(`Malformed fixup entry for label ${label}`);
        continue;
      }
      const offset = numberIn(digits);
      const entry = index.at(path);
      const property = entry && notes.propertyOf(entry, name);
      if (!entry) notes.warn(`Label ${label} references non-existing node ${path}`);
      else if (!property) notes.warn(`Label ${label} references non-existing property ${entry.path} in node ${name}`);
      else if (isInside(offset, property)) notes.add(property, { offset, target: label });
      else notes.warn(`Label ${label} contains invalid offset for property ${name} in node ${entry.path}`);
    }
  }
}

/** Strings, each with its NUL; the last may have none. */
const placesIn = ({ bytes }: Value): readonly string[] => latin1(bytes).match(/[^\0]*\0|[^\0]+$/g) ?? [];

/** As C's `strtol` with base 0 reads it: decimal, octal or hexadecimal, up to what is no digit. */
function numberIn(text: string): number {
  const [, sign, hexadecimal, octal, decimal] =
    /^\s*([-+]?)(?:0x([0-9a-f]+)|(0[0-7]*)|([1-9][0-9]*))/i.exec(text) ?? [];
  const [digits, base] = hexadecimal ? [hexadecimal, 16] : octal ? [octal, 8] : [decimal ?? "0", 10];
  return (sign === "-" ? -1 : 1) * Number.parseInt(digits, base);
}

/** A node has cells with the offsets of the references in each property of its counterpart, `entry`. */
function noteLocal(local: Node, entry: Entry, index: TreeIndex, notes: Notes): void {
  for (const { name, value } of local.properties) {
    const property = notes.propertyOf(entry, name);
    if (!property) notes.warn(`Property ${name} in ${entry.path} referenced in __local_fixups__ missing`);
    else if (value.bytes.length % 4 !== 0) notes.warn(`property ${name} in /__local_fixups__${entry.path} malformed`);
    else for (let at = 0; at < value.bytes.length; at += 4) noteOwn(property, wordAt(value.bytes, at), index, notes);
  }
  for (const child of local.children) {
    const below = index.at(child.name, entry);
    if (below) noteLocal(child, below, index, notes);
    else notes.warn(`node ${child.name}/${entry.path} referenced in __local_fixups__ missing`);
  }
}

function noteOwn(property: Property, offset: number, index: TreeIndex, notes: Notes): void {
  const { name, value } = property;
  if (!isInside(offset, property)) {
    notes.warn(`property ${name} too short to contain a phandle at offset ${offset}`);
    return;
  }
  const phandle = wordAt(value.bytes, offset);
  const found = index.byPhandle(phandle);
  if (found) notes.add(property, { offset, target: notes.nameOf(found) });
  else notes.warn(`node referenced by phandle 0x${phandle.toString(16)} in property ${name} not found`);
}

function withReferences(node: Node, notes: Notes): Node {
  const properties = mapShared(node.properties, (each) => {
    const value = markReferences(each.value, notes.of(each));
    return value === each.value ? each : { ...each, value };
  });
  const children = mapShared(node.children, (child) => withReferences(child, notes));
  return properties === node.properties && children === node.children ? node : { ...node, properties, children };
}
