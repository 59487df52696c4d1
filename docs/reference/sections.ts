import type { Section } from "./section.ts";
import { board, emulator, firmware } from "./sections/board.ts";
import { cpupools, schedule, window } from "./sections/cpupools.ts";
import { domains, rtds, vcpus } from "./sections/domains.ts";
import { hypervisor } from "./sections/hypervisor.ts";
import { grants } from "./sections/options.ts";
import { block, console, net, ninep, pv } from "./sections/pv.ts";
import { eventChannels, port, sharedMemory } from "./sections/sharing.ts";
import { region, system } from "./sections/system.ts";

/** In the order of the reference, with the examples of each. */
export const sections: readonly (Section & { readonly examples?: readonly string[] })[] = [
  { ...system, examples: ["system"] },
  { ...board, examples: ["board"] },
  { ...firmware, examples: ["board"] },
  { ...emulator, examples: ["board"] },
  { ...hypervisor, examples: ["hypervisor", "options"] },
  { ...cpupools, examples: ["scheduling"] },
  { ...schedule, examples: ["scheduling"] },
  { ...window, examples: ["scheduling"] },
  { ...domains, examples: ["domains", "options", "armv8r"] },
  { ...grants, examples: ["options"] },
  { ...rtds, examples: ["scheduling"] },
  { ...vcpus, examples: ["scheduling"] },
  { ...sharedMemory, examples: ["sharing"] },
  { ...eventChannels, examples: ["sharing"] },
  { ...port, examples: ["sharing"] },
  pv,
  { ...net, examples: ["pv"] },
  { ...block, examples: ["pv"] },
  { ...console, examples: ["pv"] },
  { ...ninep, examples: ["pv"] },
  { ...region, examples: ["hypervisor"] },
];
