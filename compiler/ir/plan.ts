import type { DeviceTree } from "dtc-js";
import type { PhysAddr } from "../base/units.ts";
import type { PlacedSystem } from "./placed.ts";

/**
 * A system's rollback index, one cell, where it is not 0: in /chosen of its device tree, and in its configuration of a FIT,
 * which is signed. No boot loader reads it yet; U-Boot has no such property of its own.
 */
export const rollbackProperty = "xenimg,rollback-index";

/** After LOWER: what each output will say, before any byte of it exists. */
export interface TargetPlan {
  readonly placed: PlacedSystem;
  /** The device tree that the hypervisor gets. */
  readonly systemTree: DeviceTree;
  /** What each guest will find, by prediction: no output depends on it. */
  readonly guestTrees: readonly { readonly domain: string; readonly tree: DeviceTree }[];
  /** The loaded pieces as separate files, in order of their addresses. */
  readonly files: readonly LoadedFile[];
  /** Absent where the board has no emulator. */
  readonly run?: RunPlan;
}

/** One piece that a loader puts into machine memory. */
export interface LoadedFile {
  /** Relative to the output folder. */
  readonly path: string;
  readonly at: PhysAddr;
  /** "hypervisor", "device tree", "ui/kernel". */
  readonly owner: string;
  /** Its bytes; the device tree's exist only after EMIT. */
  readonly content: { readonly kind: "bytes"; readonly bytes: Uint8Array } | { readonly kind: "system-tree" };
}

/** How to boot the outputs in QEMU. */
export interface RunPlan {
  readonly program: string;
  readonly machineArgs: readonly string[];
  /** Present where image.bin is made: the core's own images only. */
  readonly image?: { readonly at: PhysAddr; readonly kernelAddress: number };
  /** A few instructions that hand the device tree to the hypervisor as a boot loader would. */
  readonly stub: { readonly at: PhysAddr; readonly words: readonly bigint[] };
}
