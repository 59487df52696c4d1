import { latin1 } from "../latin1.ts";
import type { Property } from "../tree.ts";
import { OverlayFault } from "./error.ts";

/** The places that wait for a label, "/path:property:offset", which are a property of `__fixups__`. */
export function placesIn({ name, value: { bytes } }: Property): readonly string[] {
  if (bytes.at(-1) !== 0) throw new OverlayFault("FDT_ERR_BADOVERLAY", `the fixups of "${name}" are no strings`);
  // One character a byte, as in the names of a blob.
  return latin1(bytes, 0, bytes.length - 1).split("\0");
}
