import type { Range } from "../base/ranges.ts";
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
    ? host && { range: { start: host.mmio.start, size: pageSize }, spi: host.spi ?? 0 }
    : { range: { start: 0x2200_0000, size: pageSize }, spi: 0 };
  return { gic: resolved.directMap ? hostGic(gic) : fixedGic(gic.version), ...(resolved.vpl011 && uart && { uart }) };
}

const pageSize = 0x1000;
const compatible = { 2: "arm,gic-400", 3: "arm,gic-v3" } as const;

const fixedGic = (version: 2 | 3): GuestDevices["gic"] => ({
  compatible: compatible[version],
  reg:
    version === 2
      ? [
          { start: 0x300_1000, size: 0x1000 },
          { start: 0x300_2000, size: 0x2000 },
        ]
      : [
          { start: 0x300_1000, size: 0x1_0000 },
          { start: 0x302_0000, size: 0x100_0000 },
        ],
  redistributorRegions: 1,
});

const hostGic = (gic: BoardGic): GuestDevices["gic"] => ({
  compatible: compatible[gic.version],
  reg: gic.version === 2 ? [gic.distributor, gic.cpuInterface] : [gic.distributor, ...gic.redistributors],
  redistributorRegions: gic.version === 2 ? 1 : gic.redistributors.length,
});
