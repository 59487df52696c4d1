import type { PlacedSystem } from "../../ir/placed.ts";
import { coreTrace } from "./core.ts";
import { xenTrace } from "./xen.ts";

/**
 * What the hypervisor will decide at boot, in the words of its own log, from the facts that the rules go by. Each line
 * begins a line of the log, in the same order; the log has others between them.
 * @param systemTreeSize bytes of system.dtb
 */
export const bootTrace = (placed: PlacedSystem, systemTreeSize: number): readonly string[] =>
  placed.resolved.target.hypervisor === "core"
    ? coreTrace(placed).map((line) => `(XI) ${line}`)
    : xenTrace(placed, systemTreeSize).map((line) => `(XEN) ${line}`);
