import type { Marker, Value, ValueType } from "../tree.ts";
import { guessType } from "./guess.ts";

/** One list, string or byte string of a value, and the markers inside and behind it. */
export interface Section {
  readonly type: ValueType;
  readonly start: number;
  readonly end: number;
  readonly inner: readonly Marker[];
  /** The type is what dtc takes the bytes for, not what a source said. */
  readonly guessed: boolean;
}

export interface Sections {
  /** Labels that stand before the first section. */
  readonly leading: readonly Marker[];
  readonly sections: readonly Section[];
}

/** Cuts a value at its type markers. Bytes before the first have the type that dtc would guess. */
export function sectionsOf(value: Value): Sections {
  const { bytes, markers } = value;
  const first = markers.findIndex(({ kind }) => kind === "type");
  const head = markers[first];
  if (head?.kind !== "type") {
    return {
      leading: [],
      sections: [{ type: guessType(value), start: 0, end: bytes.length, inner: markers, guessed: true }],
    };
  }
  const leading = markers.slice(0, first);
  const sections: Section[] = [];
  if (head.offset > 0) {
    const untyped: Value = { bytes: bytes.subarray(0, head.offset), markers: leading };
    sections.push(...sectionsOf(untyped).sections);
  }
  for (let index = first; index < markers.length;) {
    const next = indexOfType(markers, index + 1);
    const marker = markers[index];
    const end = markers[next]?.offset ?? bytes.length;
    if (marker?.kind === "type") {
      const type = marker.type === "unknown" ? guessType(slice(value, marker.offset, end)) : marker.type;
      const guessed = marker.type === "unknown";
      sections.push({ type, start: marker.offset, end, inner: markers.slice(index + 1, next), guessed });
    }
    index = next;
  }
  return { leading: head.offset > 0 ? [] : leading, sections };
}

const slice = ({ bytes }: Value, start: number, end: number): Value => ({
  bytes: bytes.subarray(start, end),
  markers: [],
});

function indexOfType(markers: readonly Marker[], from: number): number {
  let index = from;
  while (index < markers.length && markers[index]?.kind !== "type") index++;
  return index;
}
