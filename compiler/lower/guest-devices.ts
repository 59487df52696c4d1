import type { Range } from "../base/ranges.ts";
import { guestMap } from "../ir/guest-map.ts";
import type { PlacedDomain } from "../ir/placed.ts";
import type { BoardFacts, BoardGic } from "../ir/resolved.ts";

export interface GuestDevices {
  readonly gic: {
    readonly compatible: string;
    /** Distributor, then CPU interface or redistributor regions. */
    readonly reg: readonly Range<number>[];
    readonly redistributorRegions: number;
  };
  readonly uart?: { readonly range: Range<number>; readonly spi: number };
}

/** Interrupt controller and UART where Xen's public header puts them (arch-arm.h), at host addresses if direct-mapped. */
export function guestDevices({ resolved }: PlacedDomain, board: BoardFacts): GuestDevices {
  const { gic } = board;
  const host = board.console;
  const uart = resolved.directMap
    ? host && { range: { start: host.mmio.start, size: guestMap.uart.size }, spi: host.spi ?? 0 }
    : { range: guestMap.uart, spi: 0 };
  return { gic: resolved.directMap ? hostGic(gic) : fixedGic(gic.version), ...(resolved.vpl011 && uart && { uart }) };
}

const compatible = { 2: "arm,gic-400", 3: "arm,gic-v3" } as const;

const fixedGic = (version: 2 | 3): GuestDevices["gic"] => ({
  compatible: compatible[version],
  reg:
    version === 2
      ? [guestMap.gicv2.distributor, guestMap.gicv2.cpuInterface]
      : [guestMap.gicv3.distributor, guestMap.gicv3.redistributors],
  redistributorRegions: 1,
});

const hostGic = (gic: BoardGic): GuestDevices["gic"] => ({
  compatible: compatible[gic.version],
  reg: gic.version === 2 ? [gic.distributor, gic.cpuInterface] : [gic.distributor, ...gic.redistributors],
  redistributorRegions: gic.version === 2 ? 1 : gic.redistributors.length,
});
