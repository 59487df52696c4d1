import { baseName, getProperty } from "../find.ts";
import type { Entry } from "../resolve/index-tree.ts";
import { cellAt, cellOf, unitAddress } from "./cells.ts";
import type { Judge } from "./check.ts";

export const isEndpoint = ({ node }: Entry): boolean =>
  baseName(node.name) === "endpoint" || getProperty(node, "remote-endpoint") !== undefined;

/** A node with an endpoint below it is a port; one with ports is what they belong to. */
export const isPort = (entry: Entry): boolean => entry.children.some(isEndpoint);

/** The unit address is the number in `reg`, counted in one cell without a size. */
export function checkReg(entry: Entry, judge: Judge): void {
  const reg = getProperty(entry.node, "reg");
  if (!reg || !entry.parent) return;
  if (reg.value.bytes.length !== 4) {
    judge.fail(entry, "graph node malformed 'reg' property");
    return;
  }
  const expected = cellAt(reg, 0).toString(16);
  if (unitAddress(entry.node) !== expected) {
    judge.fail(entry, `graph node unit address error, expected "${expected}"`);
  }
  const address = cellOf(entry.parent.node, "#address-cells") ?? -1;
  const size = cellOf(entry.parent.node, "#size-cells") ?? -1;
  if (address !== 1) judge.fail(entry, `graph node '#address-cells' is ${address}, must be 1`);
  if (size !== 0) judge.fail(entry, `graph node '#size-cells' is ${size}, must be 0`);
}
