import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { placeOfView, viewersOf } from "../../ir/shared-memory.ts";
import type { Rule } from "../rule.ts";

/** XI4127: a guest address is for a domain that sees the memory. */
export const sharedMemoryViewOfNobody: Rule<ResolvedSystem> = {
  name: "shared-memory-view-of-nobody",
  *check({ sharedMemory }) {
    for (const share of sharedMemory) {
      if (typeof share.guestAt !== "object") continue;
      const viewers = new Set(viewersOf(share));
      for (const domain of share.guestAt.keys())
        if (!viewers.has(domain))
          yield diagnose(
            "XI4127",
            { name: share.name, domain },
            { primary: { path: placeOfView(share, domain), at: "key" } },
          );
    }
  },
};
