import { formatSize, hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ConfigPath } from "../../diagnostics/diagnostic.ts";
import type { ResolvedSystem, SharedMemory } from "../../ir/resolved.ts";
import { writtenViews } from "../../ir/shared-memory.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4604: shared memory is mapped page by page: size and addresses are whole pages. */
export const sharedMemoryNotPages: Rule<ResolvedSystem> = {
  name: "shared-memory-not-pages",
  *check({ sharedMemory }) {
    for (const share of sharedMemory)
      for (const [place, number] of numbersOf(share)) {
        const [field = ""] = place.map(String);
        if (number % limits.page === 0 && (field !== "size" || number > 0)) continue;
        const value = field === "size" ? formatSize(share.size) : hex(number);
        yield diagnose(
          "XI4604",
          { name: share.name, field, value, page: formatSize(limits.page) },
          { primary: { path: ["sharedMemory", share.name, ...place] } },
        );
      }
  },
};

const numbersOf = (share: SharedMemory): readonly (readonly [ConfigPath, number])[] => [
  [["size"], share.size],
  ...(share.at === undefined ? [] : [[["at"], share.at] as const]),
  ...writtenViews(share),
];
