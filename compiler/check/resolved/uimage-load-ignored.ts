import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4107: this release loads a uImage at its own address, not at the one in the header (row B9, silent). */
export const uimageLoadIgnored: Rule<ResolvedSystem> = {
  name: "uimage-load-ignored",
  *check(system) {
    if (!has(system.target, "uimageLoadIgnored")) return;
    for (const domain of system.domains)
      if (domain.kernel.format.kind === "uimage")
        yield diagnose(
          "XI4107",
          { file: domain.kernel.file.path },
          { primary: { path: domainPath(domain, "kernel") } },
        );
  },
};
