import { bootNodes } from "../../codecs/pv-queues.ts";
import { storeEntries, storeNodes, storeSize } from "../../codecs/xenstore.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import { storeDomains } from "../../ir/placed.ts";
import { limits } from "../limits.ts";
import { demandsOf } from "../pv-demands.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";

/**
 * XI4955: more links than the core's XenStore has room for: bytes of all entries, and nodes of each domain, those among them
 * that its drivers make.
 */
export const storeTooLarge: Rule<PlacedSystem> = {
  name: "store-too-large",
  *check(placed) {
    if (!servesStore(placed.resolved)) return;
    const primary = { path: ["pv"], at: "key" } as const;
    const entries = storeEntries(storeDomains(placed), placed.pv);
    const size = storeSize(entries);
    const room = { what: "bytes of entries", count: size, limit: limits.storeEntries };
    if (size > limits.storeEntries) yield diagnose("XI4955", room, { primary });
    for (const [owner, atFirst] of storeNodes(entries)) {
      const domain = placed.domains.find(({ domid }) => domid === owner)?.resolved;
      const what = domain === undefined ? "nodes of its own" : `nodes of "${domain.name}"`;
      const count = atFirst + (domain === undefined ? 0 : bootNodes + demandsOf(placed.resolved, domain).nodes);
      if (count > limits.storeNodes) yield diagnose("XI4955", { what, count, limit: limits.storeNodes }, { primary });
    }
  },
};
