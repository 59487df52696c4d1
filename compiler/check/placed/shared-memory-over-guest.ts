import { formatRange, overlapOf } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedDomain, PlacedSystem } from "../../ir/placed.ts";
import { placeOfView } from "../../ir/shared-memory.ts";
import type { Taken } from "../guest-space.ts";
import { ownedBy } from "../guest-space.ts";
import type { Rule } from "../rule.ts";

/** XI4603: in a guest's address space, shared memory lies on nothing else. */
export const sharedMemoryOverGuest: Rule<PlacedSystem> = {
  name: "shared-memory-over-guest",
  *check({ domains, sharedMemory, resolved }) {
    const taken = new Map(domains.map((domain) => [domain.resolved.name, takenOf(domain, resolved.board)]));
    for (const { resolved: share, views } of sharedMemory)
      for (const { domain, at } of views) {
        const others = taken.get(domain) ?? [];
        const hit = others.find(({ range }) => overlapOf<number>(range, at));
        others.push({ what: `the shared memory "${share.name}"`, range: at });
        if (hit)
          yield diagnose(
            "XI4603",
            { name: share.name, domain, range: formatRange(at), what: hit.what, taken: formatRange(hit.range) },
            { primary: { path: placeOfView(share, domain) } },
          );
      }
  },
};

/** A direct-mapped domain keeps clear of the machine's devices, whoever has them. */
function takenOf(domain: PlacedDomain, board: PlacedSystem["resolved"]["board"]): Taken[] {
  const devices = domain.resolved.directMap ? board.mmio : [];
  return [...ownedBy(domain, board), ...devices.map((range) => ({ what: `the device ${range.name}`, range }))];
}
