import type { Entry, TreeIndex } from "./index-tree.ts";

/** dtc's -H: where a phandle that was allocated is written. */
export type PhandleFormat = "epapr" | "legacy" | "both";

export const phandleProperties: Readonly<Record<PhandleFormat, readonly string[]>> = {
  epapr: ["phandle"],
  legacy: ["linux,phandle"],
  both: ["linux,phandle", "phandle"],
};

/** Gives numbers from 1 upwards, in the order of asking, and leaves out those that nodes gave themselves. */
export function phandleAllocator(index: TreeIndex): (entry: Entry) => number {
  const used = new Set(index.entries.map(({ phandle }) => phandle));
  let next = 1;
  return (entry) => {
    if (entry.phandle === undefined) {
      while (used.has(next)) next++;
      entry.phandle = next++;
      entry.allocated = true;
    }
    return entry.phandle;
  };
}
