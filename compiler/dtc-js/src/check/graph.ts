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
  for (const [name, wanted] of cellsOfReg) {
    const count = cellOf(entry.parent.node, name) ?? -1;
    if (count === wanted) continue;
    // Like dtc's, this is told at the node's own property of that name, if it has one.
    judge.fail(entry, `graph node '${name}' is ${count}, must be ${wanted}`, getProperty(entry.node, name));
  }
}

const cellsOfReg = [
  ["#address-cells", 1],
  ["#size-cells", 0],
] as const;
