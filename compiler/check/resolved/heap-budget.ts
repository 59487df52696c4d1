import { formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedDomain, ResolvedSystem } from "../../ir/resolved.ts";
import { defaultP2mPool, ownPieces, commonPieces } from "../budget.ts";
import { heapPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4310: the static heap cannot hold what the hypervisor takes from it: sized domains and P2M pools (rows C8, D12). */
export const heapBudget: Rule<ResolvedSystem> = {
  name: "heap-budget",
  *check(system) {
    const heap = system.hypervisor.staticHeap.reduce((sum, range) => sum + range.size, 0);
    const needs = system.domains.map((domain) => sizedMemory(domain) + ownUse(domain, system));
    const need = [...needs, ...commonPieces(system)].reduce((sum, size) => sum + size, 0);
    if (heap > 0 && need > heap)
      yield diagnose("XI4310", { heap: formatSize(heap), need: formatSize(need) }, { primary: { path: heapPath } });
  },
};

/** Memory by size comes from the heap; static banks do not. */
const sizedMemory = (domain: ResolvedDomain): number => (domain.memory.kind === "sized" ? domain.memory.size : 0);

/** The core's own is less for many vCPUs, but a heap that it boots with should do for upstream. */
const ownUse = (domain: ResolvedDomain, system: ResolvedSystem): number =>
  Math.max(
    domain.p2mMemory ?? defaultP2mPool(domain),
    ownPieces(domain, system).reduce((sum, size) => sum + size, 0),
  );
