import { virtualDevice } from "../../codecs/xenstore.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** "xvda" to "xvdzz". */
const names = 26 + 26 * 26;

/** XI4952: a disk is known by a number, which follows from its name; names of other kinds of disks have none here. */
export const pvDiskName: Rule<ResolvedSystem> = {
  name: "pv-disk-name",
  *check({ pv }) {
    const counts = new Map<string, number>();
    for (const [index, link] of pv.entries()) {
      if (link.kind !== "block") continue;
      const count = (counts.get(link.frontend) ?? 0) + 1;
      counts.set(link.frontend, count);
      if (link.name !== undefined && virtualDevice(link.name) === undefined)
        yield diagnose("XI4952", { name: link.name }, { primary: { path: ["pv", index, "name"] } });
      else if (count === names + 1)
        // The first that would have to be called so.
        yield diagnose("XI4952", { name: link.name ?? "xvdaaa" }, { primary: { path: ["pv", index] } });
    }
  },
};
