import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Label } from "../../diagnostics/diagnostic.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

interface Need {
  readonly what: string;
  /** As Xen's build calls it. */
  readonly option: string;
  /** What a hypervisor without it does; observed of Debian's 4.17. */
  readonly without: string;
  readonly primary: Label;
}

/** XI4624: what upstream Xen does only if it was built for it, and Debian's package was not (rows D10, E12). */
export const builtWithout: Rule<ResolvedSystem> = {
  name: "built-without",
  *check(system) {
    if (system.target.hypervisor !== "xen") return;
    for (const { primary, ...need } of needsOf(system))
      yield diagnose("XI4624", { target: formatTarget(system.target), ...need }, { primary });
  },
};

function needsOf({ domains, sharedMemory, cpupools }: ResolvedSystem): readonly Need[] {
  const banks = domains.find(({ memory }) => memory.kind === "static");
  const [shared] = sharedMemory;
  const [pool] = cpupools;
  return [
    ...(banks
      ? [
          {
            what: "static banks",
            option: "CONFIG_STATIC_MEMORY",
            without: "the domain has no memory, and the boot stops",
            primary: { path: domainPath(banks, "memory") },
          },
        ]
      : []),
    ...(shared
      ? [
          {
            what: "shared memory",
            option: "CONFIG_STATIC_SHM",
            without: "the modules behind it are not found, and the boot stops",
            primary: { path: ["sharedMemory", shared.name], at: "key" } as const,
          },
        ]
      : []),
    ...(pool
      ? [
          {
            what: "CPU pools",
            option: "CONFIG_BOOT_TIME_CPUPOOLS",
            without: "all domains run on all CPUs, and nobody says so",
            primary: { path: ["cpupools", pool.name], at: "key" } as const,
          },
        ]
      : []),
  ];
}
