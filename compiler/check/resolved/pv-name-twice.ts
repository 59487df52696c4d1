import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PvLink } from "../../ir/pv.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4923: two disks, or two folders, of one frontend under one name. */
export const pvNameTwice: Rule<ResolvedSystem> = {
  name: "pv-name-twice",
  *check({ pv }) {
    const first = new Map<string, number>();
    for (const [index, link] of pv.entries()) {
      const named = nameOf(link);
      if (named === undefined) continue;
      const key = JSON.stringify([link.frontend, link.kind, named.name]);
      const before = first.get(key);
      if (before === undefined) first.set(key, index);
      else
        yield diagnose(
          "XI4923",
          { domain: link.frontend, name: named.name },
          {
            primary: { path: ["pv", index, named.field] },
            labels: [{ path: ["pv", before, named.field], text: "the first" }],
          },
        );
    }
  },
};

function nameOf(link: PvLink): { readonly field: string; readonly name: string } | undefined {
  if (link.kind === "9pfs") return { field: "tag", name: link.tag };
  return link.kind === "block" && link.name !== undefined ? { field: "name", name: link.name } : undefined;
}
