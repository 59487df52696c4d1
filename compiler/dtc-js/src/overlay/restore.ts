import { firstByName } from "../by-name.ts";
import type { Result } from "../diagnostic.ts";
import { childPath } from "../find.ts";
import { readCells } from "../read.ts";
import { placesIn } from "./places.ts";
import { labelsFromSymbols } from "../resolve/symbol-labels.ts";
import { separateLists } from "../resolve/mark-references.ts";
import { indexTree, type TreeIndex } from "../resolve/index-tree.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Marker, Node, PhandleMarker, Property, Reference, Value } from "../tree.ts";
import { UNRESOLVED_PHANDLE } from "../value.ts";
import { putWord, wordAt } from "../words.ts";
import { guarded, OverlayFault, type OverlayError } from "./error.ts";

/**
 * An overlay that was decoded, as its source had it: `/plugin/`, labels from `__symbols__`, references from
 * `__fixups__` and `__local_fixups__`, and without these nodes. What `print` writes of it with `references: "names"`
 * compiles to the same blob again, with dtc's -@ if the blob had symbols. Refused where the notes are no such, or lead
 * nowhere.
 */
export const restoreOverlay = (overlay: DeviceTree): Result<DeviceTree, OverlayError> =>
  guarded(() => restored(overlay));

function restored(overlay: DeviceTree): DeviceTree {
  const labelled = labelsFromSymbols(withoutOddSymbols(overlay));
  const notes = notesOf(labelled);
  const restore = (node: Node, path: string, local: Node | undefined): Node => {
    const offsets = firstByName(local?.properties ?? []);
    const below = firstByName(local?.children ?? []);
    const properties = mapShared(node.properties, (each) => {
      const found = [...(notes.get(`${path}:${each.name}`) ?? []), ...localOf(offsets.get(each.name), each.name)];
      return found.length === 0 ? each : withReferences(each, found, places, path);
    });
    const children = mapShared(node.children, (child) =>
      restore(child, childPath(path, child.name), below.get(child.name)),
    );
    return properties === node.properties && children === node.children ? node : { ...node, properties, children };
  };
  const children = labelled.root.children.filter(({ name }) => !noteNodes.has(name));
  const root = { ...labelled.root, children };
  const places = placesOf(indexTree({ ...labelled, root }));
  const [local] = labelled.root.children.filter(({ name }) => name === "__local_fixups__");
  return { ...labelled, plugin: true, root: restore(root, "/", local) };
}

/** Without symbols whose names no label can have. */
function withoutOddSymbols(overlay: DeviceTree): DeviceTree {
  const children = mapShared(overlay.root.children, (child) => {
    if (child.name !== "__symbols__") return child;
    const properties = mapShared(child.properties, (each) => (isLabel(each.name) ? each : undefined));
    return properties === child.properties ? child : { ...child, properties };
  });
  return { ...overlay, root: { ...overlay.root, children } };
}

const isLabel = (name: string): boolean => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);

const noteNodes: ReadonlySet<string> = new Set(["__symbols__", "__fixups__", "__local_fixups__"]);

interface Note {
  readonly offset: number;
  /** Whom the base has; undefined where the cell's phandle is one of the overlay's own. */
  readonly label?: string;
}

/** `__fixups__`, by "path:property". */
function notesOf(overlay: DeviceTree): ReadonlyMap<string, readonly Note[]> {
  const notes = new Map<string, Note[]>();
  const fixups = overlay.root.children.find(({ name }) => name === "__fixups__");
  for (const property of fixups?.properties ?? []) {
    const label = property.name;
    if (!isLabel(label)) throw new OverlayFault("FDT_ERR_BADOVERLAY", `"${label}" is no label`);
    for (const place of placesIn(property)) {
      const [, where, digits] = /^(\/[^:]*:[^:]+):([0-9]+)$/.exec(place) ?? [];
      if (where === undefined) throw new OverlayFault("FDT_ERR_BADOVERLAY", `"${place}" is no place`);
      const note = { offset: Number(digits), label };
      const known = notes.get(where);
      if (known) known.push(note);
      else notes.set(where, [note]);
    }
  }
  return notes;
}

function localOf(offsets: Property | undefined, name: string): readonly Note[] {
  if (!offsets) return [];
  const list = readCells(offsets.value);
  if (!list) throw new OverlayFault("FDT_ERR_BADOVERLAY", `the local fixups of "${name}" are no cells`);
  return list.map((offset) => ({ offset }));
}

function withReferences(property: Property, notes: readonly Note[], places: Places, path: string): Property {
  const bytes = Uint8Array.from(property.value.bytes);
  const where = (offset: number): string => `${path}:${property.name}:${offset}`;
  const references = notes
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, label }, index, all) => {
      if (offset + 4 > bytes.length || offset < (all[index - 1]?.offset ?? -4) + 4) {
        throw new OverlayFault("FDT_ERR_BADOVERLAY", `there is nothing at "${where(offset)}"`);
      }
      if (label !== undefined) putWord(bytes, offset, UNRESOLVED_PHANDLE);
      return { offset, target: label ?? places(wordAt(bytes, offset), where(offset)) };
    });
  return { ...property, value: { bytes, markers: markersOf(bytes, references) } satisfies Value };
}

/** What names the node of the overlay that has a phandle; `where` is the cell that has it. */
type Places = (phandle: number, where: string) => Reference;

function placesOf(index: TreeIndex): Places {
  // One string for all that refer to a node, as its path may be long.
  const names = new Map<number, Reference>();
  return (phandle, where) => {
    const known = names.get(phandle);
    if (known !== undefined) return known;
    const found = index.byPhandle(phandle);
    if (!found) throw new OverlayFault("FDT_ERR_BADOVERLAY", `no node has the phandle at "${where}"`);
    const name = found.node.labels[0]?.name ?? found.path;
    names.set(phandle, name);
    return name;
  };
}

/** Cells, where all references stand as such; else the bytes around each reference are bytes. */
function markersOf(
  bytes: Uint8Array,
  references: readonly { readonly offset: number; readonly target: Reference }[],
): readonly Marker[] {
  const phandles = references.map((each): PhandleMarker => ({ kind: "phandle", ...each }));
  if (bytes.length % 4 === 0 && references.every(({ offset }) => offset % 4 === 0)) {
    return [{ kind: "type", offset: 0, type: "uint32" }, ...phandles];
  }
  return separateLists(bytes.length, phandles, "uint8");
}
