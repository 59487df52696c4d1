import { bootNodes } from "../../codecs/pv-queues.ts";
import { addNodes, linkEntries, storeEntries, storeSize } from "../../codecs/xenstore.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import { storeDomains } from "../../ir/placed.ts";
import { limits } from "../limits.ts";
import { cpusOf, demandOf } from "../pv-demands.ts";
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
    const { bytes, nodes } = countsOf(placed);
    const owners = [...nodes].map(([owner, counted]): readonly [string, Counted] => {
      const domain = placed.domains.find(({ domid }) => domid === owner)?.resolved;
      return [domain === undefined ? "nodes of its own" : `nodes of "${domain.name}"`, counted];
    });
    for (const [what, { count, limit, first }] of [["bytes of entries", bytes] as const, ...owners]) {
      if (first === undefined) continue;
      // The domains' homes alone may be too many.
      const primary = first === -1 ? ({ path: ["pv"], at: "key" } as const) : { path: ["pv", first] };
      yield diagnose("XI4955", { what, count, limit }, { primary });
    }
  },
};

/** Something that each link has more of. */
interface Counted {
  count: number;
  readonly limit: number;
  /** The link with which it goes beyond its limit; -1 where it does without any. */
  first?: number;
}

/** One link after the other, each looked at once. The nodes are by the domains' numbers; 0 is the store itself. */
function countsOf(placed: PlacedSystem) {
  const seen = new Set<string>();
  const bytes: Counted = { count: 0, limit: limits.storeEntries };
  const nodes = new Map<number, Counted>();
  const add = (counted: Counted, more: number, link: number): void => {
    counted.count += more;
    if (counted.count > counted.limit) counted.first ??= link;
  };
  const ofOwner = (owner: number): Counted => {
    const counted = nodes.get(owner) ?? { count: 0, limit: limits.storeNodes };
    nodes.set(owner, counted);
    return counted;
  };
  const addEntries = (entries: ReturnType<typeof storeEntries>, link: number): void => {
    add(bytes, storeSize(entries), link);
    const more = new Map<number, number>();
    addNodes(more, seen, entries);
    for (const [owner, count] of more) add(ofOwner(owner), count, link);
  };
  const domains = storeDomains(placed);
  addEntries(storeEntries(domains, []), -1);
  for (const domain of domains) add(ofOwner(domain), bootNodes, -1);
  const cpus = cpusOf(placed.resolved.domains);
  for (const [index, link] of placed.pv.entries()) {
    addEntries(linkEntries(link), index);
    const demand = demandOf(link, cpus);
    if (demand === undefined) continue;
    add(ofOwner(link.backendId), demand.backend.nodes, index);
    add(ofOwner(link.frontendId), demand.frontend.nodes, index);
  }
  return { bytes, nodes };
}
