import { baseName, getProperty } from "../find.ts";
import type { Bus, Entry } from "../resolve/index-tree.ts";
import { stringsOf, unitAddress } from "./cells.ts";

/** What kind of bus a node is. Each of its children asks, in several checks. */
export function busOf(entry: Entry): Bus | undefined {
  entry.bus ??= judgeBus(entry) ?? "none";
  return entry.bus === "none" ? undefined : entry.bus;
}

function judgeBus(entry: Entry): Bus | undefined {
  if (isPci(entry)) return "pci";
  if (stringsOf(getProperty(entry.node, "compatible")).includes("simple-bus")) return "simple-bus";
  if (isI2c(entry)) return "i2c";
  return isSpi(entry) ? "spi" : undefined;
}

const isPci = ({ node }: Entry): boolean => stringsOf(getProperty(node, "device_type"))[0] === "pci";

/** By name, as the bindings have it: "i2c" with devices below it, or the children of a multiplexer or an arbiter. */
function isI2c(entry: Entry): boolean {
  const name = baseName(entry.node.name);
  if (name === "i2c-bus" || name === "i2c-arb") return true;
  if (name !== "i2c") return false;
  const buses = entry.node.children.some((child) => baseName(child.name) === "i2c-bus");
  return !buses && entry.node.children.some((child) => unitAddress(child) !== undefined);
}

/** "spi" with a device below it, or one that is itself a slave. */
function isSpi(entry: Entry): boolean {
  if (baseName(entry.node.name) !== "spi") return false;
  if (getProperty(entry.node, "spi-slave")) return true;
  return entry.node.children.some((child) => unitAddress(child) !== undefined);
}
