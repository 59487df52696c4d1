import { formatSize, hex, isAligned } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { staticBanks } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4306: a direct-mapped kernel is loaded at its first bank's base, which must suit an Image (row B14, silent). */
export const directMapBaseUnaligned: Rule<ResolvedSystem> = {
  name: "direct-map-base-unaligned",
  *check(system) {
    for (const domain of system.domains) {
      const [first] = staticBanks(domain);
      if (domain.directMap && first && !isAligned(first.range.start, limits.block))
        yield diagnose(
          "XI4306",
          { base: hex(first.range.start), align: formatSize(limits.block) },
          { primary: { path: [...first.path, "at"] } },
        );
    }
  },
};
