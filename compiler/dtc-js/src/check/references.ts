import type { Entry } from "../resolve/index-tree.ts";
import type { Marker } from "../tree.ts";

export const missing = (target: string): string => `Reference to non-existent node or label "${target}"\n`;

/** Hands over each reference of a node. Most values have none; so this must cost them little. */
export function forReferences<K extends "phandle" | "path">(
  { node }: Entry,
  kind: K,
  use: (marker: Extract<Marker, { kind: K }>) => void,
): void {
  for (const { value } of node.properties) {
    for (const marker of value.markers) if (marker.kind === kind) use(marker as Extract<Marker, { kind: K }>);
  }
}
