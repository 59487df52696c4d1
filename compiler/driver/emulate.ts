import { devices, imageArguments, separateLoads } from "../emit/qemu.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import { lower } from "../lower/lower.ts";

/** QEMU's arguments to boot what a build has written into `folder`; undefined where nothing emulates the board. */
export function emulation(placed: PlacedSystem, folder: string): readonly string[] | undefined {
  const { run, files } = lower(placed);
  if (run === undefined) return undefined;
  const loads = run.image
    ? imageArguments(`${folder}/image.bin`, run.image)
    : devices(separateLoads(files, run, folder));
  return [...run.machineArgs, ...loads];
}
