import { getProperty, type Located } from "../find.ts";
import { failed, found, type Access } from "./answer.ts";
import { cellCount, cellsOf, entryOffsets } from "./cells.ts";
import { readPhandles, readTarget, type Specifier } from "./phandles.ts";

export interface Interrupt extends Specifier {
  readonly property: "interrupts" | "interrupts-extended";
  /** Of the entry in the property, in bytes. */
  readonly offset: number;
}

/**
 * The interrupts that a node sends, as it says them: to whom, and with which cells. `interrupts-extended` counts where
 * both are there (Devicetree Specification 0.4, 2.4.1.3). `routeInterrupt` follows them to their controllers.
 * Errors: `unmapped` (no interrupt parent), `cells`, `length`, `phandle`, `unresolved`.
 */
export function readInterrupts(at: Located): Access<readonly Interrupt[]> {
  if (getProperty(at.node, "interrupts-extended")) return readExtended(at);
  const property = getProperty(at.node, "interrupts");
  if (!property) return found([]);
  const parent = interruptParent(at);
  if (!parent.ok) return parent;
  const count = cellCount(parent.value, "#interrupt-cells");
  if (!count.ok) return count;
  const offsets = entryOffsets(at, property, count.value);
  if (!offsets.ok) return offsets;
  return found(
    offsets.value.map((offset): Interrupt => {
      const cells = cellsOf(property.value.bytes, offset, count.value);
      return { target: parent.value, cells, property: "interrupts", offset };
    }),
  );
}

function readExtended(at: Located): Access<readonly Interrupt[]> {
  const list = readPhandles(at, "interrupts-extended");
  if (!list.ok) return list;
  return found(
    list.value.flatMap(({ target, cells, offset }): Interrupt[] =>
      target ? [{ target, cells, offset, property: "interrupts-extended" }] : [],
    ),
  );
}

/** Whether a node takes the interrupts of others. */
const takesInterrupts = ({ node }: Located): boolean =>
  getProperty(node, "interrupt-controller") !== undefined || getProperty(node, "interrupt-map") !== undefined;

/**
 * Who takes the interrupts of a node: whom the `interrupt-parent` of the node, or of the nearest node above it, names,
 * or the first node above that takes interrupts itself. Errors: `unmapped`, `phandle`, `unresolved`, `length`.
 */
export function interruptParent(at: Located): Access<Located> {
  for (let here: Located | undefined = at; here; here = here.parent) {
    if (here !== at && takesInterrupts(here)) return found(here);
    const named = getProperty(here.node, "interrupt-parent");
    if (!named) continue;
    const target = readTarget(here, named, 0);
    if (!target.ok) return target;
    if (!target.value) return failed("phandle", here, "interrupt-parent", 0, "it names no node");
    return found(target.value);
  }
  return failed("unmapped", at, "interrupt-parent", 0, "neither the node nor one above it has an interrupt parent");
}
