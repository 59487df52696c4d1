import type { Rule } from "../rule.ts";
import { hypervisorMoved } from "./hypervisor-moved.ts";
import { hypervisorTooLong } from "./hypervisor-too-long.ts";
import type { LoadedSystem } from "./loaded.ts";

/** Every rule of a boot loader for the formats that are asked for, in the order of their names. */
export const loaderRules: readonly Rule<LoadedSystem>[] = [hypervisorMoved, hypervisorTooLong];
