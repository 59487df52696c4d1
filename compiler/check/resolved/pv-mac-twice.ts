import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4922: two interfaces of one address: a bridge delivers to whichever spoke last. */
export const pvMacTwice: Rule<ResolvedSystem> = {
  name: "pv-mac-twice",
  *check({ pv }) {
    const first = new Map<string, number>();
    for (const [index, link] of pv.entries()) {
      if (link.kind !== "net" || link.mac === undefined) continue;
      const before = first.get(link.mac);
      if (before === undefined) first.set(link.mac, index);
      else
        yield diagnose(
          "XI4922",
          { mac: link.mac },
          { primary: { path: ["pv", index, "mac"] }, labels: [{ path: ["pv", before, "mac"], text: "the first" }] },
        );
    }
  },
};
