import { formatSize, hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4604: shared memory is mapped page by page: size and addresses are whole pages. */
export const sharedMemoryNotPages: Rule<ResolvedSystem> = {
  name: "shared-memory-not-pages",
  *check({ sharedMemory }) {
    for (const { name, size, at, guestAt } of sharedMemory)
      for (const [field, number] of Object.entries({ size, at, guestAt }))
        if (number !== undefined && (number % limits.page !== 0 || (field === "size" && number === 0)))
          yield diagnose(
            "XI4604",
            { name, field, value: field === "size" ? formatSize(size) : hex(number), page: formatSize(limits.page) },
            { primary: { path: ["sharedMemory", name, field] } },
          );
  },
};
