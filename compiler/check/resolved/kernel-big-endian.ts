import { diagnose } from "../../diagnostics/catalogue.ts";
import { guestImage } from "../../ir/resolved.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4106: a big-endian Image: the hypervisor starts vCPUs little-endian (Linux booting.rst, flags bit 0). */
export const kernelBigEndian: Rule<ResolvedSystem> = {
  name: "kernel-big-endian",
  *check(system) {
    for (const domain of system.domains) {
      if (guestImage(domain.kernel)?.littleEndian === false)
        yield diagnose(
          "XI4106",
          { file: domain.kernel.file.path },
          { primary: { path: domainPath(domain, "kernel") } },
        );
    }
  },
};
