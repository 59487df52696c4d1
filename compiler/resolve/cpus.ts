import type { Located } from "dtc-js";
import { hex } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { BoardCpu } from "../ir/resolved.ts";
import { addressBitsOf } from "./cores.ts";
import { compatibles, deviceType, failure, missing, unusable } from "./nodes.ts";
import { addressCells, tuples } from "./reg.ts";

/** Arm ARM (DDI 0487), MPIDR_EL1: affinity levels 0 to 2 below bit 24, level 3 from bit 32 on. */
const isAffinity = (mpidr: number): boolean => mpidr < 2 ** 40 && Math.floor(mpidr / 2 ** 24) % 2 ** 8 === 0;

/** The enabled CPUs in the tree's order, the first of them the boot CPU. */
export function boardCpus(nodes: readonly Located[], labels: readonly string[]): Outcome<readonly BoardCpu[]> {
  const found = nodes.filter(({ node, parent }) => parent?.path === "/cpus" && deviceType(node) === "cpu");
  if (found.length === 0) return missing("cpu nodes under /cpus");
  if (found.length !== labels.length)
    return failure(
      diagnose("XI3103", { labels: labels.length, nodes: found.length }, { primary: { path: ["board", "cpus"] } }),
    );
  const cpus: BoardCpu[] = [];
  for (const [index, { node, path, parent }] of found.entries()) {
    const mpidr = parent && tuples(node, "reg", [addressCells(parent.node)])?.[0]?.[0];
    if (mpidr === undefined) return unusable(path, "it has no reg with the CPU's number");
    if (!isAffinity(mpidr)) return unusable(path, `its reg ${hex(mpidr)} is not the affinity fields of an MPIDR`);
    const twin = cpus.find((cpu) => cpu.mpidr === mpidr);
    if (twin) return unusable(path, `its reg ${hex(mpidr)} is that of ${twin.path}, too`);
    const compatible = compatibles(node);
    const [model] = compatible;
    if (model === undefined) return unusable(path, "it has no compatible, which the guests' CPUs get");
    const addressBits = addressBitsOf(compatible);
    cpus.push({
      label: labels[index] ?? "",
      path,
      mpidr,
      compatible,
      model,
      ...(addressBits !== undefined && { addressBits }),
    });
  }
  return { value: cpus, diagnostics: [] };
}
