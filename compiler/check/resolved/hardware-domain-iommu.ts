import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { reads } from "../versions.ts";

/** XI4124: whoever has the hardware and is not direct-mapped needs an IOMMU for its devices (row C16). */
export const hardwareDomainIommu: Rule<ResolvedSystem> = {
  name: "hardware-domain-iommu",
  *check({ target, board, domains, hypervisor }) {
    if (!reads(target, "capabilities")) return;
    const off = /(^|\s)(no-iommu|iommu=([^\s]*,)?(0|no|off|false|disable)(,[^\s]*)?)(\s|$)/.test(hypervisor.bootargs);
    if (board.iommus.length > 0 && !off) return;
    for (const domain of domains)
      if (domain.capabilities?.includes("hardware") && !domain.directMap)
        yield diagnose(
          "XI4124",
          { domain: domain.name, why: off ? "hypervisor.bootargs turns it off" : "the board's device tree has none" },
          { primary: { path: domainPath(domain, "capabilities") } },
        );
  },
};
