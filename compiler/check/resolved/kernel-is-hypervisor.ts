import { diagnose } from "../../diagnostics/catalogue.ts";
import { guestImage } from "../../ir/resolved.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4113: a core of ours, a finished image or upstream Xen as a guest: its first access to EL2's registers is undefined at EL1. */
export const kernelIsHypervisor: Rule<ResolvedSystem> = {
  name: "kernel-is-hypervisor",
  *check(system) {
    for (const domain of system.domains)
      if (guestImage(domain.kernel)?.hypervisor === true)
        yield diagnose(
          "XI4113",
          { file: domain.kernel.file.path },
          { primary: { path: domainPath(domain, "kernel") } },
        );
  },
};
