import { bootNodes } from "../../codecs/pv-queues.ts";
import { storeEntries, storeNodes, storeSize } from "../../codecs/xenstore.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Label } from "../../diagnostics/diagnostic.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import { storeDomains } from "../../ir/placed.ts";
import { limits } from "../limits.ts";
import { demandsOf } from "../pv-demands.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";

/**
 * XI4955: more links than the core's XenStore has room for: bytes of all entries, and nodes of each domain, those among them
 * that its drivers make. Once for each of them, at the first link that has no room.
 */
export const storeTooLarge: Rule<PlacedSystem> = {
  name: "store-too-large",
  *check(placed) {
    if (!servesStore(placed.resolved)) return;
    const beyond = (what: string, limit: number, count: (links: number) => number) => {
      const all = count(placed.pv.length);
      return all <= limit
        ? []
        : [diagnose("XI4955", { what, count: all, limit }, { primary: at(placed, limit, count) })];
    };
    const entries = (links: number) => storeEntries(storeDomains(placed), placed.pv.slice(0, links));
    yield* beyond("bytes of entries", limits.storeEntries, (links) => storeSize(entries(links)));
    for (const owner of storeNodes(entries(placed.pv.length)).keys()) {
      const domain = placed.domains.find(({ domid }) => domid === owner)?.resolved;
      const what = domain === undefined ? "nodes of its own" : `nodes of "${domain.name}"`;
      yield* beyond(what, limits.storeNodes, (links) => {
        const atFirst = storeNodes(entries(links)).get(owner) ?? 0;
        return atFirst + (domain === undefined ? 0 : bootNodes + demandsOf(placed.resolved, domain, links).nodes);
      });
    }
  },
};

/** The link with which the count goes beyond its limit; `pv` itself where the domains' homes alone do. */
function at({ pv }: PlacedSystem, limit: number, count: (links: number) => number): Label {
  let [fits, exceeds] = [-1, pv.length];
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (count(middle) > limit) exceeds = middle;
    else fits = middle;
  }
  return exceeds === 0 ? { path: ["pv"], at: "key" } : { path: ["pv", exceeds - 1] };
}
