import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4601: a port is one end of one channel (booting.txt, "Static Event Channel"). */
export const portUsedTwice: Rule<ResolvedSystem> = {
  name: "port-used-twice",
  *check({ eventChannels }) {
    const seen = new Map<string, readonly (string | number)[]>();
    for (const [index, ends] of eventChannels.entries())
      for (const [end, { domain, port }] of ends.entries()) {
        if (port === undefined) continue;
        const path = ["eventChannels", index, end === 0 ? "from" : "to"];
        const key = `${port} ${domain}`;
        const first = seen.get(key);
        if (first === undefined) seen.set(key, path);
        else
          yield diagnose(
            "XI4601",
            { domain, port },
            { primary: { path }, labels: [{ path: first, text: "it is the end of this one" }] },
          );
      }
  },
};
