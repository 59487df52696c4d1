import type { Range } from "../../base/ranges.ts";
import { formatRange, overlapOf } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import { guestMap } from "../../ir/guest-map.ts";
import type { PlacedDomain, PlacedSystem } from "../../ir/placed.ts";
import type { Rule } from "../rule.ts";

interface Taken {
  readonly what: string;
  readonly range: Range<number>;
}

/** XI4603: in a guest's address space, shared memory lies on nothing else. */
export const sharedMemoryOverGuest: Rule<PlacedSystem> = {
  name: "shared-memory-over-guest",
  *check({ domains, sharedMemory, resolved }) {
    const taken = new Map(domains.map((domain) => [domain.resolved.name, ownedBy(domain, resolved.board)]));
    for (const { resolved: share, views } of sharedMemory)
      for (const { domain, at } of views) {
        const others = taken.get(domain) ?? [];
        const hit = others.find(({ range }) => overlapOf<number>(range, at));
        others.push({ what: `the shared memory "${share.name}"`, range: at });
        if (hit)
          yield diagnose(
            "XI4603",
            { name: share.name, domain, range: formatRange(at), what: hit.what, taken: formatRange(hit.range) },
            { primary: { path: ["sharedMemory", share.name, ...(share.guestAt === undefined ? [] : ["guestAt"])] } },
          );
      }
  },
};

function ownedBy({ banks, resolved }: PlacedDomain, board: PlacedSystem["resolved"]["board"]): Taken[] {
  const ram = banks.map(({ guest }) => ({ what: "its RAM", range: guest }));
  const grants = { what: "its grant table", range: guestMap.grantTable };
  if (resolved.directMap)
    return [...ram, grants, ...board.mmio.map((range) => ({ what: `the device ${range.name}`, range }))];
  const { distributor } = guestMap.gicv3;
  return [
    ...ram,
    grants,
    { what: "its interrupt controller", range: distributor },
    { what: "its interrupt controller", range: guestMap.gicv2.cpuInterface },
    { what: "its interrupt controller", range: guestMap.gicv3.redistributors },
    { what: "its console", range: guestMap.uart },
  ];
}
