import { contains, endOf, formatRange, joined } from "../../base/ranges.ts";
import type { Range } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { MiB, physAddr } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import type { Rule } from "../rule.ts";

/**
 * What U-Boot 2023.01 and 2026.07 took at the top of RAM on QEMU's virt, rounded up from 42 MiB: itself, its heap and
 * stack, and the device tree that it hands over.
 */
const loaderSize = MiB(64);
/** U-Boot stays below, wherever RAM goes on above. */
const below = 2 ** 32;

/** XI4520: U-Boot moves to the top of RAM, and loads over itself without a word. */
export const imageOverLoader: Rule<PlacedSystem> = {
  name: "image-over-loader",
  *check({ image, resolved: { board } }) {
    const ram = joined(board.ram).find((bank) => contains(bank, image));
    if (ram === undefined) return;
    const end = Math.min(endOf(ram), below);
    // In a machine with so little RAM there is nowhere else.
    if (ram.size < 4 * loaderSize) return;
    const loader: Range<PhysAddr> = { start: physAddr(end - loaderSize), size: loaderSize };
    if (endOf(image) <= loader.start || image.start >= end) return;
    const params = { image: formatRange(image), loader: formatRange(loader) };
    yield diagnose("XI4520", params, { primary: { path: ["board", "loadAddress"] } });
  },
};
