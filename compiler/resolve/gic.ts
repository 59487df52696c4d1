import type { Located } from "dtc-js";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { BoardGic } from "../ir/resolved.ts";
import { compatibleWith, missing, unusable } from "./nodes.ts";
import { readReg, tuples } from "./reg.ts";

/**
 * Bindings arm,gic-v3.yaml and arm,gic.yaml: distributor first, then redistributors or the CPU interface, and after that
 * the hypervisor's and the virtual CPU interface.
 */
export function boardGic(nodes: readonly Located[]): Outcome<BoardGic> {
  const v3 = nodes.find(({ node }) => compatibleWith(node, ["arm,gic-v3"]));
  const v2 = nodes.find(({ node }) =>
    compatibleWith(node, ["arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a9-gic", "arm,cortex-a7-gic"]),
  );
  const node = v3 ?? v2;
  if (node === undefined) return missing("interrupt controller (GICv2 or GICv3)");
  const reg = readReg(node);
  if ("problem" in reg) return unusable(node.path, reg.problem);
  const [distributor, next, ...rest] = reg.ranges;
  if (distributor === undefined || next === undefined)
    return unusable(node.path, `its reg names ${reg.ranges.length} of at least 2 ranges of registers`);
  if (v3 !== undefined) return version3(v3, distributor, [next, ...rest]);
  const virtualInterface = rest[1];
  const value = { version: 2, distributor, cpuInterface: next, ...(virtualInterface && { virtualInterface }) } as const;
  return { value, diagnostics: [] };
}

type Version3 = Extract<BoardGic, { version: 3 }>;

/** What follows the redistributors are the registers of a GICv2 that it can be, too. */
function version3(
  { node, path }: Located,
  distributor: Version3["distributor"],
  rest: Version3["redistributors"],
): Outcome<BoardGic> {
  const count = tuples(node, "#redistributor-regions", [1])?.[0]?.[0] ?? 1;
  if (count === 0 || count > rest.length)
    return unusable(path, `it has ${count} redistributor regions, but its reg names ${rest.length}`);
  return { value: { version: 3, distributor, redistributors: rest.slice(0, count) }, diagnostics: [] };
}
