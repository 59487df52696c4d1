import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { OwnedDevice } from "../devices.ts";
import { assignedDevices, regionKey } from "../devices.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4811: tables of the core that hold what devices have, of all domains together. */
export const tooManyAssigned: Rule<ResolvedSystem> = {
  name: "too-many-assigned",
  *check(system) {
    if (system.target.hypervisor !== "core") return;
    for (const { what, limit, keysOf } of tables) {
      const entries = assignedDevices(system).flatMap((owned) => keysOf(owned).map((key) => [key, owned] as const));
      const owners = new Map(entries);
      const first = [...owners.values()][limit];
      if (first)
        yield diagnose("XI4811", { what, count: owners.size, limit }, { primary: { path: first.device.place } });
    }
  },
};

/** What takes an entry of its own: several devices of a domain may have the same, and then it counts once. */
const tables: readonly {
  readonly what: string;
  readonly limit: number;
  readonly keysOf: (owned: OwnedDevice) => readonly string[];
}[] = [
  {
    what: "stretches of registers",
    limit: limits.assignedRegions,
    keysOf: ({ device }) => device.regions.map(regionKey),
  },
  {
    what: "interrupts",
    limit: limits.assignedInterrupts,
    keysOf: ({ device }) => device.interrupts.map(({ kind, number }) => `${kind} ${number}`),
  },
];
