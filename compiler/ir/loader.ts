import type { Range } from "../base/ranges.ts";
import { endOf } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { MiB, physAddr } from "../base/units.ts";

/**
 * What U-Boot 2023.01 and 2026.07 took at the top of RAM on QEMU's virt, rounded up from 42 MiB: itself, its heap and
 * stack, and the device tree that it hands over.
 */
const loaderSize = MiB(64);
/** U-Boot stays below, wherever RAM goes on above. */
const below = 2 ** 32;

/** Where U-Boot runs if that bank is the RAM it moves to; undefined in so small a bank that there is nowhere else. */
export function loaderIn(ram: Range<PhysAddr>): Range<PhysAddr> | undefined {
  const end = Math.min(endOf(ram), below);
  if (ram.size < 4 * loaderSize || end - loaderSize < ram.start) return undefined;
  return { start: physAddr(end - loaderSize), size: loaderSize };
}
