import { baseName, getProperty } from "../find.ts";
import type { Bus, Entry } from "../resolve/index-tree.ts";
import type { Node } from "../tree.ts";
import { addressCells, sizeCells, stringsOf } from "./cells.ts";

/** Whether a node is such a bus; it may be several. Each of its children asks, in several checks. */
export function isBus(entry: Entry, bus: Bus): boolean {
  entry.buses ??= judges.filter(([, judge]) => judge(entry.node)).map(([kind]) => kind);
  return entry.buses.includes(bus);
}

const judges: readonly (readonly [Bus, (node: Node) => boolean])[] = [
  ["pci", (node) => stringsOf(getProperty(node, "device_type"))[0] === "pci"],
  ["simple-bus", (node) => stringsOf(getProperty(node, "compatible")).includes("simple-bus")],
  ["i2c", isI2c],
  ["spi", isSpi],
];

/** By name, as the bindings have it: "i2c", or the children of a multiplexer or an arbiter. */
function isI2c({ name, children }: Node): boolean {
  const base = baseName(name);
  if (base === "i2c-bus" || base === "i2c-arb") return true;
  return base === "i2c" && !children.some((child) => baseName(child.name) === "i2c-bus");
}

/** By name, or by its cells where something stands below it that only devices of such a bus have. */
function isSpi(node: Node): boolean {
  if (baseName(node.name) === "spi") return true;
  if (node.children.length === 0 || addressCells(node) !== 1 || sizeCells(node) !== 0) return false;
  return node.children.some(({ properties }) => properties.some(({ name }) => name.startsWith("spi-")));
}
