import type { Range } from "../base/ranges.ts";
import { guestMap } from "../ir/guest-map.ts";
import type { PlacedDomain } from "../ir/placed.ts";
import type { BoardFacts, BoardGic } from "../ir/resolved.ts";

export interface Taken {
  /** As messages call it. */
  readonly what: string;
  readonly range: Range<number>;
}

/**
 * What a domain has in its address space by itself: RAM, the devices that the hypervisor plays for it, and the place of its
 * grants. Without a vPL011, or without the hypervisor's interface (xen,enhanced), nothing is where those would be.
 */
export function ownedBy({ banks, resolved }: PlacedDomain, { gic, console }: BoardFacts): readonly Taken[] {
  const uart = resolved.directMap ? console && { ...guestMap.uart, start: console.mmio.start } : guestMap.uart;
  return [
    ...banks.map(({ guest }) => ({ what: "its RAM", range: guest })),
    ...(resolved.enhanced === undefined ? [] : [{ what: "its grant table", range: guestMap.grantTable }]),
    ...controllerOf(gic, resolved.directMap).map((range) => ({ what: "its interrupt controller", range })),
    ...(resolved.vpl011 && uart ? [{ what: "its console", range: uart }] : []),
  ];
}

function controllerOf(gic: BoardGic, directMap: boolean): readonly Range<number>[] {
  const { gicv2, gicv3 } = guestMap;
  if (gic.version === 2)
    return directMap ? [gic.distributor, gic.cpuInterface] : [gicv2.distributor, gicv2.cpuInterface];
  return directMap ? [gic.distributor, ...gic.redistributors] : [gicv3.distributor, gicv3.redistributors];
}
