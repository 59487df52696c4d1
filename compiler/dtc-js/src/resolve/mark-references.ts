import type { Marker, PhandleMarker, Reference, Value, ValueType } from "../tree.ts";

/** A cell that stands for a phandle. */
export interface Note {
  readonly offset: number;
  readonly target: Reference;
}

/**
 * The value with markers for these cells, the first of several for one; no byte changes. Of a source, only cells can be
 * references.
 */
export function markReferences(value: Value, notes: readonly Note[]): Value {
  const isTyped = value.markers.length > 0;
  const references = apart(isTyped ? insideCells(value, notes) : notes, value.markers);
  if (references.length === 0) return value;
  // Of a blob, the types are guessed.
  const markers = isTyped ? among(value.markers, references) : separateLists(value.bytes.length, references, "unknown");
  return { ...value, markers };
}

/** Those that begin where a cell of a list does. */
function insideCells({ bytes, markers }: Value, notes: readonly Note[]): readonly Note[] {
  const sections = markers.filter((marker) => marker.kind === "type");
  let at = 0;
  return notes
    .toSorted((a, b) => a.offset - b.offset)
    .filter(({ offset }) => {
      while ((sections[at + 1]?.offset ?? Infinity) <= offset) at++;
      const section = sections[at];
      const end = sections[at + 1]?.offset ?? bytes.length;
      if (section?.type !== ("uint32" satisfies ValueType) || offset < section.offset) return false;
      return (offset - section.offset) % 4 === 0 && offset + 4 <= end;
    });
}

/** By offset, without those that overlap with an earlier one, and those that are references already. */
function apart(notes: readonly Note[], markers: readonly Marker[]): readonly PhandleMarker[] {
  const known = new Set(markers.filter(({ kind }) => kind === "phandle").map(({ offset }) => offset));
  const references: PhandleMarker[] = [];
  for (const { offset, target } of notes.toSorted((a, b) => a.offset - b.offset)) {
    const behind = (references.at(-1)?.offset ?? -4) + 4;
    if (offset >= behind && !known.has(offset)) references.push({ kind: "phandle", offset, target });
  }
  return references;
}

/** Each behind the other markers of its place. */
function among(markers: readonly Marker[], references: readonly PhandleMarker[]): readonly Marker[] {
  const all: Marker[] = [];
  let next = 0;
  for (const marker of markers) {
    for (let each = references[next]; each && each.offset < marker.offset; each = references[++next]) all.push(each);
    all.push(marker);
  }
  for (const each of references.slice(next)) all.push(each);
  return all;
}

/**
 * Lists of one reference each, and what stands between them, of the type `between`. A section without bytes would be
 * printed as an empty list: there is none.
 */
export function separateLists(
  length: number,
  references: readonly PhandleMarker[],
  between: ValueType | "unknown",
): readonly Marker[] {
  const all: Marker[] = [];
  let at = 0;
  const upTo = (end: number): void => {
    if (end > at) all.push({ kind: "type", offset: at, type: between });
  };
  for (const each of references) {
    upTo(each.offset);
    all.push({ kind: "type", offset: each.offset, type: "uint32" }, each);
    at = each.offset + 4;
  }
  upTo(length);
  return all;
}
