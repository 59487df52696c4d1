import type { Binding } from "../diagnostic.ts";
import { getProperty } from "../find.ts";
import type { Entry } from "../resolve/index-tree.ts";
import type { Property } from "../tree.ts";
import { cellAt, cellOf } from "./cells.ts";
import { nodeCheck, type Check, type Judge } from "./check.ts";

/** No phandle (Devicetree Specification 0.4, 2.3.3), or an entry that is left out. */
export const isPhandle = (cell: number): boolean => cell !== 0 && cell !== 0xffff_ffff;

/** Whether the source wrote a number where a reference belongs. A blob says nothing of it. */
const lacksReference = ({ value }: Property, index: number): boolean =>
  value.markers.length > 0 && !value.markers.some(({ kind, offset }) => kind === "phandle" && offset === index * 4);

/**
 * `<&target arguments …>` again and again: as many cells of arguments as the target's `cells` says, or `absent` where
 * it says nothing.
 */
export function checkPhandleArgs(judge: Judge, entry: Entry, property: Property, cells: string, absent?: number): void {
  const { length } = property.value.bytes;
  if (length % 4 !== 0) {
    judge.fail(entry, `property size (${length}) is invalid, expected multiple of 4`, property);
    return;
  }
  for (let index = 0; index * 4 < length;) {
    const phandle = cellAt(property, index);
    if (!isPhandle(phandle)) {
      // What a fixup fills in later has arguments that only its target knows; in an overlay, dtc takes 0 for such a one.
      if (judge.tree.plugin) return;
      index++;
      continue;
    }
    if (lacksReference(property, index)) judge.fail(entry, `cell ${index} is not a phandle reference`, property);
    const target = judge.index.byPhandle(phandle);
    if (!target) {
      judge.fail(entry, `Could not get phandle node for (cell ${index})`, property);
      return;
    }
    const size = cellOf(target.node, cells) ?? absent;
    if (size === undefined) {
      const place = `(referred from ${property.name}[${index}])`;
      judge.fail(entry, `Missing property '${cells}' in node ${target.path} or bad phandle ${place}`);
      return;
    }
    if (length / 4 < index + size + 1) {
      judge.fail(entry, `property size (${length}) too small for cell size ${size}`, property);
    }
    index += size + 1;
  }
}

/** A property of consumers: `<&target arguments …>`, once the providers' cells are known to be sound. */
export const consumerCheck = (name: Binding, property: string, cells: string, absent?: number): Check =>
  nodeCheck(
    `${name}_property`,
    (entry, judge) => {
      const found = getProperty(entry.node, property);
      if (found) checkPhandleArgs(judge, entry, found, cells, absent);
    },
    { property, needs: [`${name}_is_cell`, "phandle_references"] },
  );
