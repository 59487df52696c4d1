import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4109: a gzip file whose content is no arm64 Image (rows B7, B8: an error without a reason on the console). */
export const gzipContent: Rule<ResolvedSystem> = {
  name: "gzip-content",
  *check(system) {
    for (const domain of system.domains) {
      const { file, format } = domain.kernel;
      if (format.kind === "gzip" && format.inner === undefined)
        yield diagnose("XI4109", { file: file.path }, { primary: { path: domainPath(domain, "kernel") } });
    }
  },
};
