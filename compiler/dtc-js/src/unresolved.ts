import type { Marker } from "./tree.ts";
import { UNRESOLVED_PHANDLE } from "./value.ts";
import { wordAt } from "./words.ts";

/** Whether the marker is a reference that still stands for nothing. */
export function isUnresolved(bytes: Uint8Array, marker: Marker): boolean {
  if (marker.kind === "path") return marker.length === 0;
  if (marker.kind !== "phandle") return false;
  return wordAt(bytes, marker.offset) === UNRESOLVED_PHANDLE;
}
