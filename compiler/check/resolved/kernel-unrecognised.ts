import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4104: no kernel format that the hypervisor loads; it fails without saying why (row B7). */
export const kernelUnrecognised: Rule<ResolvedSystem> = {
  name: "kernel-unrecognised",
  *check(system) {
    for (const domain of system.domains) {
      const { file, format } = domain.kernel;
      if (format.kind !== "unknown" && format.kind !== "elf") continue;
      const found = format.kind === "elf" ? "an ELF file" : "no known header";
      yield diagnose("XI4104", { file: file.path, found }, { primary: { path: domainPath(domain, "kernel") } });
    }
  },
};
