import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4602: xen,shm-id holds 15 characters (booting.txt, "Static Shared Memory"). */
export const sharedMemoryNameTooLong: Rule<ResolvedSystem> = {
  name: "shared-memory-name-too-long",
  *check({ sharedMemory }) {
    for (const { name } of sharedMemory)
      if (name.length > limits.sharedMemoryName)
        yield diagnose(
          "XI4602",
          { name, length: name.length, limit: limits.sharedMemoryName },
          { primary: { path: ["sharedMemory", name], at: "key" } },
        );
  },
};
