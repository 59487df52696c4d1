import type { DeviceTree, Located, Node } from "dtc-js";
import { findByPhandle, getProperty, readCell, readCells, readStrings } from "dtc-js";
import type { BoardInterrupt } from "../../ir/devices.ts";

/** Bindings arm,gic-v3.yaml and arm,gic.yaml. */
const gics = ["arm,gic-v3", "arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a9-gic", "arm,cortex-a7-gic"];
const cellsOfGic = 3;
const kinds = ["spi", "ppi"] as const;

const isGic = (node: Node): boolean => {
  const property = getProperty(node, "compatible");
  return (property ? (readStrings(property.value) ?? []) : []).some((name) => gics.includes(name));
};

/** Interrupt specifiers that the GIC takes, in its own cells; others do not count. */
export function gicSpecifiers(device: Located, tree: DeviceTree): readonly (readonly number[])[] {
  const extended = getProperty(device.node, "interrupts-extended");
  if (extended) return extendedSpecifiers(readCells(extended.value) ?? [], tree);
  const parent = interruptParent(device, tree);
  const property = getProperty(device.node, "interrupts");
  if (property === undefined || parent === undefined || !isGic(parent)) return [];
  return chunks(readCells(property.value) ?? [], cellsOfGic);
}

export const interruptsOf = (device: Located, tree: DeviceTree): readonly BoardInterrupt[] =>
  gicSpecifiers(device, tree).map(([kind = -1, number = 0]) => ({ kind: kinds[kind] ?? "other", number }));

/** Devicetree Specification 0.4, 2.4.1: the nearest node that names one. */
function interruptParent(device: Located, tree: DeviceTree): Node | undefined {
  for (let here: Located | undefined = device; here; here = here.parent) {
    const property = getProperty(here.node, "interrupt-parent");
    if (property) return findByPhandle(tree, readCell(property.value) ?? 0)?.node;
  }
  return undefined;
}

function extendedSpecifiers(cells: readonly number[], tree: DeviceTree): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [];
  for (let at = 0; at < cells.length;) {
    const controller = findByPhandle(tree, cells[at] ?? 0)?.node;
    const property = controller && getProperty(controller, "#interrupt-cells");
    const width = property && readCell(property.value);
    if (controller === undefined || width === undefined) return found;
    if (isGic(controller)) found.push(cells.slice(at + 1, at + 1 + width));
    at += 1 + width;
  }
  return found;
}

const chunks = (cells: readonly number[], width: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.floor(cells.length / width) }, (_, index) =>
    cells.slice(index * width, (index + 1) * width),
  );
