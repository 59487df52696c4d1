import { formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import { guestMap } from "../../ir/guest-map.ts";
import type { DomainMemory, ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4202: more memory than the guest's two RAM windows hold (rows C7, D5). */
export const guestRamExceeded: Rule<ResolvedSystem> = {
  name: "guest-ram-exceeded",
  *check(system) {
    const limit = guestMap.ram0.size + guestMap.ram1.size;
    for (const domain of system.domains) {
      // A direct-mapped guest sees host addresses: the windows do not apply.
      const size = sizeOf(domain.memory);
      if (!domain.directMap && size > limit)
        yield diagnose(
          "XI4202",
          { size: formatSize(size), limit: formatSize(limit) },
          { primary: { path: domainPath(domain, "memory") } },
        );
    }
  },
};

const sizeOf = (memory: DomainMemory): number =>
  memory.kind === "sized" ? memory.size : memory.banks.reduce((sum, bank) => sum + bank.size, 0);
