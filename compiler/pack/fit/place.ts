import type { Free } from "../../base/free.ts";
import { freeOf, lowestFit, without } from "../../base/free.ts";
import { contains, endOf } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { MiB } from "../../base/units.ts";
import { loaderIn } from "../../ir/loader.ts";
import type { PlacedSystem } from "../../ir/placed.ts";

/**
 * Where U-Boot can hold a FIT of `size` bytes while it takes the images out: in RAM that no image goes to ("loadables
 * overwritten" otherwise), that nobody reserved, and where U-Boot itself is not. What guests get later is free now.
 * Behind the images by preference: U-Boot's own script and device tree are low. Undefined where there is no such place.
 * `others` are tried from the same FIT.
 */
export function placeOfFit(
  { image, resolved: { board } }: PlacedSystem,
  size: number,
  others: readonly PlacedSystem[] = [],
): PhysAddr | undefined {
  const taken = [
    image,
    ...others.map((other) => other.image),
    ...board.reserved,
    ...board.ram.flatMap((bank) => loaderIn(bank) ?? []),
  ];
  const free = taken.reduce<Free<PhysAddr>>((left, range) => without(left, range), freeOf(board.ram));
  const end = endOf(image);
  const bank = board.ram.find((each) => contains(each, image));
  const behind = free.filter(({ start }) => start >= end && bank !== undefined && start < endOf(bank));
  return (lowestFit(behind, size, MiB(2)) ?? lowestFit(free, size, MiB(2)))?.start;
}
