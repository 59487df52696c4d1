import { formatRange } from "../../base/ranges.ts";
import { formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { heapClaims } from "../claims.ts";
import { offGrid } from "../grid.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4308: the static heap must lie on 64 KiB boundaries, the largest page size that software may use (row D12). */
export const heapUnaligned: Rule<ResolvedSystem> = {
  name: "heap-unaligned",
  *check(system) {
    for (const heap of heapClaims(system)) {
      const field = offGrid(heap.range, limits.heapAlign);
      if (field)
        yield diagnose(
          "XI4308",
          { range: formatRange(heap.range), align: formatSize(limits.heapAlign) },
          { primary: { path: [...heap.path, field] } },
        );
    }
  },
};
