import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { guestImage } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4123: a kernel that looks for Xen in its device tree has event channels, and is not told of Xen (row E17, silent). */
export const channelsWithoutEnhanced: Rule<ResolvedSystem> = {
  name: "channels-without-enhanced",
  *check({ domains, eventChannels }) {
    for (const [index, ends] of eventChannels.entries())
      for (const [end, { domain: name }] of ends.entries()) {
        const domain = domains.find((each) => each.name === name);
        if (domain?.enhanced === undefined && domain && guestImage(domain.kernel)?.efiStub === true)
          yield diagnose(
            "XI4123",
            { domain: name },
            { primary: { path: ["eventChannels", index, end === 0 ? "from" : "to"] } },
          );
      }
  },
};
