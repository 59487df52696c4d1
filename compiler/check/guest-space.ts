import type { Range } from "../base/ranges.ts";
import { guestMap } from "../ir/guest-map.ts";
import type { PlacedDomain } from "../ir/placed.ts";
import type { BoardFacts } from "../ir/resolved.ts";

export interface Taken {
  /** As messages call it. */
  readonly what: string;
  readonly range: Range<number>;
}

/** What a domain has in its address space by itself: RAM, grant table, and the devices that the hypervisor plays. */
export function ownedBy({ banks, resolved }: PlacedDomain, { gic, console }: BoardFacts): readonly Taken[] {
  const controller = (range: Range<number>): Taken => ({ what: "its interrupt controller", range });
  const uart = resolved.directMap ? console?.mmio : guestMap.uart;
  const host = gic.version === 3 ? [gic.distributor, ...gic.redistributors] : [gic.distributor, gic.cpuInterface];
  const { distributor, redistributors } = guestMap.gicv3;
  const fixed = [distributor, guestMap.gicv2.cpuInterface, redistributors];
  return [
    ...banks.map(({ guest }) => ({ what: "its RAM", range: guest })),
    { what: "its grant table", range: guestMap.grantTable },
    ...(resolved.directMap ? host : fixed).map(controller),
    ...(uart ? [{ what: "its console", range: uart }] : []),
  ];
}
