import { getProperty } from "../find.ts";
import { failed, found, type Access } from "./answer.ts";
import { cellCount } from "./cells.ts";
import { findRow, MAX_HOPS, readMask } from "./map.ts";
import type { Specifier } from "./phandles.ts";

/**
 * Follows a specifier through nexus nodes, such as connectors: `kind` is "gpio", "pwm", …, and the maps are
 * `gpio-map`, `gpio-map-mask` and `gpio-map-pass-thru` (Devicetree Specification 0.4, 2.5.1). What no map changes
 * comes back as it is. Errors: `unmapped`, `loop`, `cells`, `length`, `phandle`.
 */
export function followNexus(from: Specifier, kind: string): Access<Specifier> {
  let here = from;
  for (let hops = 0; hops < MAX_HOPS; hops++) {
    const map = getProperty(here.target.node, `${kind}-map`);
    if (!map) return found(here);
    const next = oneNexus(here, kind);
    if (!next.ok) return next;
    here = next.value;
  }
  return failed("loop", from.target, `${kind}-map`, 0, `the maps lead through more than ${MAX_HOPS} nodes`);
}

function oneNexus({ target, cells }: Specifier, kind: string): Access<Specifier> {
  const name = `${kind}-map`;
  const map = getProperty(target.node, name);
  if (!map) return found({ target, cells });
  const mask = readMask(target, `${name}-mask`, cells.length, 0xffff_ffff);
  if (!mask.ok) return mask;
  const pass = readMask(target, `${name}-pass-thru`, cells.length, 0);
  if (!pass.ok) return pass;
  const row = findRow(target, map, cells, mask.value, (next) => cellCount(next, `#${kind}-cells`));
  if (!row.ok) return row;
  const passed = row.value.cells.map((cell, index) => {
    const through = pass.value[index] ?? 0;
    return ((cell & ~through) | ((cells[index] ?? 0) & through)) >>> 0;
  });
  return found({ target: row.value.target, cells: passed });
}
