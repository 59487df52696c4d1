import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4203: more vCPUs than this board's interrupt controller can give a guest (row C3). */
export const tooManyVcpus: Rule<ResolvedSystem> = {
  name: "too-many-vcpus",
  *check(system) {
    const { version } = system.board.gic;
    const limit = version === 2 ? limits.vcpus.gicv2 : limits.vcpus.gicv3;
    for (const domain of system.domains)
      if (domain.cpus > limit)
        yield diagnose(
          "XI4203",
          { cpus: domain.cpus, limit, gic: version },
          { primary: { path: domainPath(domain, "cpus") } },
        );
  },
};
