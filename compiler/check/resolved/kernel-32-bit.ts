import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4105: an Arm32 zImage: the core runs 64-bit guests only, and so do most 64-bit cores (row B10). */
export const kernel32Bit: Rule<ResolvedSystem> = {
  name: "kernel-32-bit",
  *check(system) {
    for (const domain of system.domains)
      if (domain.kernel.format.kind === "zimage")
        yield diagnose(
          "XI4105",
          { file: domain.kernel.file.path },
          { primary: { path: domainPath(domain, "kernel") } },
        );
  },
};
