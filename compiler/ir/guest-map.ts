import { GiB, MiB, KiB, guestAddr } from "../base/units.ts";

/** Where guests find things: they hard-code it (xen/include/public/arch-arm.h, as of 4.17; design.md 2.4). */
export const guestMap = {
  /** RAM goes through two windows: 3 GiB from 1 GiB, 1016 GiB from 8 GiB. */
  ram0: { start: guestAddr(0x4000_0000), size: GiB(3) },
  ram1: { start: guestAddr(0x2_0000_0000), size: GiB(1016) },
  gicv2: {
    distributor: { start: guestAddr(0x300_1000), size: KiB(4) },
    cpuInterface: { start: guestAddr(0x300_2000), size: KiB(8) },
  },
  gicv3: {
    distributor: { start: guestAddr(0x300_1000), size: KiB(64) },
    redistributors: { start: guestAddr(0x302_0000), size: MiB(16) },
  },
  uart: { start: guestAddr(0x2200_0000), size: KiB(4) },
  /** Free for us: nothing of 4.17 lies here, nor anything that later releases add beside it (vPCI ends before). */
  sharedMemory: { start: guestAddr(0x3300_0000), size: MiB(80) },
  grantTable: { start: guestAddr(0x3800_0000), size: MiB(16) },
} as const;
