import { getProperty } from "./find.ts";
import { readCell } from "./read.ts";
import type { Node } from "./tree.ts";

/** As dtc: the `reg` of the first CPU, if it is one cell. */
export function guessBootCpuid(root: Node): number {
  const first = root.children.find(({ name }) => name === "cpus")?.children[0];
  const reg = first && getProperty(first, "reg");
  return (reg && readCell(reg.value)) ?? 0;
}
