import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4605: a domain sees a stretch of shared memory once. */
export const sharedMemoryTwice: Rule<ResolvedSystem> = {
  name: "shared-memory-twice",
  *check({ sharedMemory }) {
    for (const { name, owner, borrowers } of sharedMemory)
      for (const [index, domain] of borrowers.entries())
        if (domain === owner || borrowers.indexOf(domain) < index)
          yield diagnose("XI4605", { name, domain }, { primary: { path: ["sharedMemory", name, "borrowers", index] } });
  },
};
