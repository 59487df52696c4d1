import type { Result } from "../diagnostic.ts";
import { childPath } from "../find.ts";
import { readCells, readStrings } from "../read.ts";
import { labelsFromSymbols } from "../resolve/symbol-labels.ts";
import { indexTree, type TreeIndex } from "../resolve/index-tree.ts";
import { mapShared } from "../same.ts";
import type { DeviceTree, Marker, Node, Property, Reference, Value } from "../tree.ts";
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
  const labelled = labelsFromSymbols(overlay);
  const notes = notesOf(labelled);
  const restore = (node: Node, path: string, local: Node | undefined): Node => {
    const properties = mapShared(node.properties, (each) => {
      const found = [...(notes.get(`${path}:${each.name}`) ?? []), ...localOf(local, each.name)];
      return found.length === 0 ? each : withReferences(each, found, places, path);
    });
    const below = byName(local);
    const children = mapShared(node.children, (child) =>
      restore(child, childPath(path, child.name), below.get(child.name)),
    );
    return properties === node.properties && children === node.children ? node : { ...node, properties, children };
  };
  const children = labelled.root.children.filter(({ name }) => !noteNodes.has(name));
  const root = { ...labelled.root, children };
  const places = indexTree({ ...labelled, root });
  const [local] = labelled.root.children.filter(({ name }) => name === "__local_fixups__");
  return { ...labelled, plugin: true, root: restore(root, "/", local) };
}

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
  for (const { name: label, value } of fixups?.properties ?? []) {
    for (const place of readStrings(value) ?? []) {
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

const byName = (node: Node | undefined): ReadonlyMap<string, Node> =>
  new Map(node?.children.map((child) => [child.name, child]));

function localOf(local: Node | undefined, name: string): readonly Note[] {
  const offsets = local?.properties.find((each) => each.name === name);
  if (!offsets) return [];
  const list = readCells(offsets.value);
  if (!list) throw new OverlayFault("FDT_ERR_BADOVERLAY", `the local fixups of "${name}" are no cells`);
  return list.map((offset) => ({ offset }));
}

function withReferences(property: Property, notes: readonly Note[], places: TreeIndex, path: string): Property {
  const bytes = Uint8Array.from(property.value.bytes);
  const where = (offset: number): string => `${path}:${property.name}:${offset}`;
  const references = notes
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, label }, index, all) => {
      if (offset + 4 > bytes.length || offset < (all[index - 1]?.offset ?? -4) + 4) {
        throw new OverlayFault("FDT_ERR_BADOVERLAY", `there is nothing at "${where(offset)}"`);
      }
      if (label !== undefined) putWord(bytes, offset, UNRESOLVED_PHANDLE);
      return { offset, target: label ?? ownTarget(places, wordAt(bytes, offset), where(offset)) };
    });
  return { ...property, value: { bytes, markers: markersOf(bytes, references) } satisfies Value };
}

function ownTarget(places: TreeIndex, phandle: number, where: string): Reference {
  const found = places.byPhandle(phandle);
  if (!found) throw new OverlayFault("FDT_ERR_BADOVERLAY", `no node has the phandle at "${where}"`);
  return found.node.labels[0]?.name ?? found.path;
}

/** Cells, where all references stand as such; else the bytes around each reference are bytes. */
function markersOf(
  bytes: Uint8Array,
  references: readonly { readonly offset: number; readonly target: Reference }[],
): readonly Marker[] {
  const aligned = bytes.length % 4 === 0 && references.every(({ offset }) => offset % 4 === 0);
  const markers: Marker[] = [{ kind: "type", offset: 0, type: aligned ? "uint32" : "uint8" }];
  for (const { offset, target } of references) {
    if (!aligned) markers.push({ kind: "type", offset, type: "uint32" });
    markers.push({ kind: "phandle", offset, target });
    if (!aligned) markers.push({ kind: "type", offset: offset + 4, type: "uint8" });
  }
  // A section without bytes would be printed as an empty list.
  return markers.filter((each, index) => {
    const next = markers.slice(index + 1).find(({ kind }) => kind === "type")?.offset ?? bytes.length;
    return each.kind !== "type" || each.offset < next;
  });
}
