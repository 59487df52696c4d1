import { formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { cacheColors, colorRanges, firstOutOfOrder } from "../cache-colors.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";
import { reads } from "../versions.ts";

/**
 * XI4128: domains of the same colours have more memory than RAM has pages of these. What the hypervisor, its modules and
 * other domains take of them is not counted: what has no error may be too much still.
 */
export const colorsMemory: Rule<ResolvedSystem> = {
  name: "colors-memory",
  *check({ target, hypervisor, domains, board }) {
    const ofCache = reads(target, "llcColors") ? cacheColors(hypervisor.bootargs) : undefined;
    if (ofCache === undefined) return;
    const all = Math.min(ofCache, limits.cacheColors);
    const ofOne = board.ram.reduce((sum, { size }) => sum + Math.ceil(size / limits.page / all) * limits.page, 0);
    const taken = new Map<string, number>();
    for (const domain of domains) {
      const { name, llcColors, memory } = domain;
      // Static banks have the colours of their addresses, and are an error of their own (XI4912).
      if (llcColors === undefined || memory.kind !== "sized" || firstOutOfOrder(llcColors) !== undefined) continue;
      const before = taken.get(llcColors) ?? 0;
      const size = before + memory.size;
      const count = colorRanges(llcColors).reduce((sum, { from, to }) => sum + to - from + 1, 0);
      taken.set(llcColors, size);
      if (before <= count * ofOne && size > count * ofOne)
        yield diagnose(
          "XI4128",
          { domain: name, colors: llcColors, size: formatSize(size), room: formatSize(count * ofOne), count, all },
          { primary: { path: domainPath(domain, "memory") } },
        );
    }
  },
};
