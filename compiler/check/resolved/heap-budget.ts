import { MiB, KiB, formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedDomain, ResolvedSystem } from "../../ir/resolved.ts";
import { heapPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4310: the static heap cannot hold what the hypervisor takes from it: sized domains and P2M pools (rows C8, D12). */
export const heapBudget: Rule<ResolvedSystem> = {
  name: "heap-budget",
  *check(system) {
    const heap = system.hypervisor.staticHeap.reduce((sum, range) => sum + range.size, 0);
    const need = system.domains.reduce((sum, domain) => sum + sizedMemory(domain) + p2mPool(domain), 0);
    if (heap > 0 && need > heap)
      yield diagnose("XI4310", { heap: formatSize(heap), need: formatSize(need) }, { primary: { path: heapPath } });
  },
};

/** Memory by size comes from the heap; static banks do not. */
const sizedMemory = (domain: ResolvedDomain): number => (domain.memory.kind === "sized" ? domain.memory.size : 0);

/** The documented default of `xen,domain-p2m-mem-mb`: 1 MiB a vCPU, 4 KiB for each MiB of memory, 512 KiB besides. */
function p2mPool(domain: ResolvedDomain): number {
  const { memory } = domain;
  const size = memory.kind === "sized" ? memory.size : memory.banks.reduce((sum, bank) => sum + bank.size, 0);
  return MiB(domain.cpus) + KiB(4) * Math.ceil(size / MiB(1)) + KiB(512);
}
