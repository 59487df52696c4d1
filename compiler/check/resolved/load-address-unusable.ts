import { contains, formatRange } from "../../base/ranges.ts";
import { formatSize, hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4510: no loader puts an arm64 Image there (Linux, Documentation/arch/arm64/booting.rst: RAM, 2 MiB aligned). */
export const loadAddressUnusable: Rule<ResolvedSystem> = {
  name: "load-address-unusable",
  *check({ board }) {
    const { loadAddress } = board.profile;
    const inside = board.ram.some((bank) => contains(bank, { start: loadAddress, size: limits.block }));
    if (inside && loadAddress % limits.block === 0) return;
    const params = {
      at: hex(loadAddress),
      align: formatSize(limits.block),
      ram: board.ram.map(formatRange).join(", "),
    };
    yield diagnose("XI4510", params, { primary: { path: ["board", "loadAddress"] } });
  },
};
