import type { ConfigPath } from "../diagnostics/diagnostic.ts";
import type { BoardCpu, Reservation, ResolvedDomain, ResolvedPool, ResolvedSystem } from "../ir/resolved.ts";
import { domainPath } from "./claims.ts";
import type { Group } from "./pools.ts";
import { groupOf } from "./pools.ts";

type Scheduler = NonNullable<ResolvedPool["scheduler"]>;

/** What a configuration says to a scheduler, and which schedulers listen. */
export interface SchedulingParameter {
  readonly field: string;
  readonly path: ConfigPath;
  readonly pool: string;
  /** The one that the pool has. */
  readonly scheduler: string;
  /** At least one; the one to propose first. */
  readonly listeners: readonly [Scheduler, ...Scheduler[]];
}

const fair = ["credit2", "credit"] as const;

/** In the order of the text. */
export function schedulingParameters(system: ResolvedSystem): readonly SchedulingParameter[] {
  const ofPools = system.cpupools.flatMap((pool): readonly SchedulingParameter[] => {
    const path = ["cpupools", pool.name, "schedule"];
    const scheduler = poolScheduler(pool, system);
    return pool.schedule ? [{ field: "schedule", path, pool: pool.name, scheduler, listeners: ["arinc653"] }] : [];
  });
  return [...ofPools, ...system.domains.flatMap((domain) => ofDomain(domain, groupOf(domain, system)))];
}

/** Of any pool, whether domains run there or not. */
const poolScheduler = (pool: ResolvedPool, system: ResolvedSystem): string =>
  pool.scheduler ?? groupOf({ pool } as ResolvedDomain, system).scheduler;

function ofDomain(domain: ResolvedDomain, { name: pool, scheduler }: Group): readonly SchedulingParameter[] {
  const own = { pool, scheduler };
  return [
    ...(["weight", "cap"] as const)
      .filter((field) => domain[field] !== undefined)
      .map((field) => ({ ...own, field, path: domainPath(domain, field), listeners: fair })),
    ...reservations(domain).map(({ path }) => ({ ...own, field: "rtds", path, listeners: ["rtds"] as const })),
  ];
}

/** Each `rtds` that is written, of the domain or of a vCPU. */
export const reservations = (domain: ResolvedDomain): readonly { path: ConfigPath; rtds: Reservation }[] => [
  ...(domain.rtds ? [{ path: domainPath(domain, "rtds"), rtds: domain.rtds }] : []),
  ...domain.vcpus.flatMap(({ rtds }, index) =>
    rtds ? [{ path: domainPath(domain, "vcpus", index, "rtds"), rtds }] : [],
  ),
];

/** Where nothing is said; the core's own. */
const defaultReservation: Reservation = { budget: 4000, period: 10_000 };

export interface Vcpu {
  readonly domain: ResolvedDomain;
  readonly index: number;
  readonly rtds: Reservation;
  /** Those of its pool that may run it. */
  readonly cpus: readonly BoardCpu[];
}

/** Every vCPU of a group's domains, with what it was promised. */
export const vcpusOf = (group: Group, domains: readonly ResolvedDomain[]): readonly Vcpu[] =>
  domains.flatMap((domain) =>
    Array.from({ length: domain.cpus }, (_, index) => {
      const { affinity, rtds } = domain.vcpus[index] ?? {};
      return {
        domain,
        index,
        rtds: rtds ?? domain.rtds ?? defaultReservation,
        cpus: affinity ? group.cpus.filter((cpu) => affinity.includes(cpu)) : group.cpus,
      };
    }),
  );
