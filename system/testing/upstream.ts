import type { MachineRequest } from "./machine.ts";
import { debian } from "./paths.ts";
import { fromFiles } from "./systems.ts";
import type { BuiltSystem, SystemRequest } from "./systems.ts";

/**
 * Upstream Xen shows a guest's console only at its most talkative, and a system without dom0 has no other way to see
 * it. The core reads the same words and does not mind.
 */
const bootargs = "console=dtuart guest_loglvl=all loglvl=all";

/** The same, and that each console's lines are whole: by itself Xen gives its input, and that privilege, to the first. */
export const watchableLines = `${bootargs} conswitch=ax`;

/** Adds what upstream Xen needs to be watched. */
export const watchable = ({ system, ...rest }: SystemRequest): SystemRequest => ({
  ...rest,
  system: { ...system, hypervisor: { ...system.hypervisor, bootargs } },
});

/** The same files on upstream Xen. */
export const onUpstreamXen = (built: BuiltSystem): MachineRequest => fromFiles(built, debian("xen"));
