import type { BoardCpu, ResolvedDomain, ResolvedSystem } from "../ir/resolved.ts";

/**
 * The scheduling group of a domain, as the hypervisor forms them at boot: its own pool, or Pool-0, which is the pool
 * that holds the boot CPU or, where no pool does, all CPUs that are in none (cpupools.txt).
 */
export interface Group {
  readonly name: string;
  readonly cpus: readonly BoardCpu[];
  readonly scheduler: string;
}

/** Xen's own default since 4.12. */
const defaultScheduler = "credit2";

export function groupOf(domain: ResolvedDomain, system: ResolvedSystem): Group {
  const pool = domain.pool ?? system.cpupools.find((candidate) => candidate.cpus.some(isBootCpu(system)));
  const scheduler = pool?.scheduler ?? commandLineScheduler(system.hypervisor.bootargs) ?? defaultScheduler;
  if (pool) return { name: pool.name, cpus: pool.cpus, scheduler };
  const taken = new Set(system.cpupools.flatMap((each) => each.cpus.map((cpu) => cpu.label)));
  return { name: "Pool-0", cpus: system.board.cpus.filter((cpu) => !taken.has(cpu.label)), scheduler };
}

/** Domains by the group they run in, keyed by the group's name. */
export function domainsByGroup(
  system: ResolvedSystem,
): ReadonlyMap<string, { group: Group; domains: ResolvedDomain[] }> {
  const groups = new Map<string, { group: Group; domains: ResolvedDomain[] }>();
  for (const domain of system.domains) {
    const group = groupOf(domain, system);
    const entry = groups.get(group.name) ?? { group, domains: [] };
    entry.domains.push(domain);
    groups.set(group.name, entry);
  }
  return groups;
}

const isBootCpu = (system: ResolvedSystem) => (cpu: BoardCpu) => cpu.label === system.board.cpus[0]?.label;

const commandLineScheduler = (bootargs: string): string | undefined => /(?:^|\s)sched=(\S+)/.exec(bootargs)?.[1];
