import { virtualDevice } from "../../codecs/xenstore.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4952: a disk is known by a number, which follows from its name; names of other kinds of disks have none here. */
export const pvDiskName: Rule<ResolvedSystem> = {
  name: "pv-disk-name",
  *check({ pv }) {
    for (const [index, link] of pv.entries())
      if (link.kind === "block" && link.name !== undefined && virtualDevice(link.name) === undefined)
        yield diagnose("XI4952", { name: link.name }, { primary: { path: ["pv", index, "name"] } });
  },
};
