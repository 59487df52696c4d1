import { getProperty, type Located } from "../find.ts";
import { failed, found, type Access } from "./answer.ts";
import { cellCount, cellsOf } from "./cells.ts";
import { findRow, MAX_HOPS, readMask } from "./map.ts";
import type { Specifier } from "./phandles.ts";

/**
 * Follows an interrupt of `at` through the `interrupt-map`s on its way to the controller that takes it (Devicetree
 * Specification 0.4, 2.4.3). Whose map is asked looks at the cells of the sender's `reg`, too.
 * Errors: `unmapped`, `loop`, `cells`, `length`, `phandle`.
 */
export function routeInterrupt(at: Located, interrupt: Specifier): Access<Specifier> {
  let here: Specifier = interrupt;
  let unit = unitOf(at);
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    const { target } = here;
    if (getProperty(target.node, "interrupt-controller")) return found({ target, cells: here.cells });
    const next = oneMap(here, unit);
    if (!next.ok) return next;
    here = next.value;
    unit = next.value.unit;
  }
  return failed("loop", at, "interrupt-map", 0, `the maps lead through more than ${MAX_HOPS} nodes`);
}

/** The first cells of `reg`; a map takes as many as its node has address cells. */
function unitOf({ node }: Located): readonly number[] {
  const reg = getProperty(node, "reg");
  return reg ? cellsOf(reg.value.bytes, 0, reg.value.bytes.length >>> 2) : [];
}

interface Hop extends Specifier {
  /** The address that the next map looks at. */
  readonly unit: readonly number[];
}

function oneMap({ target, cells }: Specifier, unit: readonly number[]): Access<Hop> {
  const map = getProperty(target.node, "interrupt-map");
  if (!map) {
    return failed("unmapped", target, "interrupt-controller", 0, "the node neither takes nor maps interrupts");
  }
  const units = cellCount(target, "#address-cells");
  if (!units.ok) return units;
  const mask = readMask(target, "interrupt-map-mask", units.value + cells.length, 0xffff_ffff);
  if (!mask.ok) return mask;
  const address = Array.from({ length: units.value }, (_, index) => unit[index] ?? 0);
  // dtc, too, takes none where the parent does not say.
  const above = (next: Located): Access<number> => cellCount(next, "#address-cells", 0);
  const row = findRow(target, map, [...address, ...cells], mask.value, (next) => {
    const first = above(next);
    const second = cellCount(next, "#interrupt-cells");
    return first.ok && second.ok ? found(first.value + second.value) : first.ok ? second : first;
  });
  if (!row.ok) return row;
  const split = above(row.value.target);
  if (!split.ok) return split;
  return found({
    target: row.value.target,
    cells: row.value.cells.slice(split.value),
    unit: row.value.cells.slice(0, split.value),
  });
}
