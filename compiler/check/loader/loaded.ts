import type { PlacedSystem } from "../../ir/placed.ts";

/** A system, and what boot loaders get of it. */
export interface LoadedSystem {
  readonly placed: PlacedSystem;
  /** As `build --format` names them. */
  readonly formats: readonly string[];
}

/** U-Boot starts the hypervisor's own file by `booti`: the separate files do, on a disk unless it holds a FIT. */
export const usesBooti = ({ formats }: LoadedSystem): boolean =>
  formats.includes("script") || (formats.includes("disk") && !formats.includes("fit"));
