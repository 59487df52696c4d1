import type { BoardCpu, ResolvedDomain, ResolvedPool, ResolvedSystem } from "../ir/resolved.ts";
import { argumentValues, booleanArgument } from "./bootargs.ts";

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
  const pool = domain.pool ?? bootPool(system);
  const scheduler = pool?.scheduler ?? commandLineScheduler(system.hypervisor.bootargs) ?? defaultScheduler;
  if (pool) return { name: pool.name, cpus: pool.cpus, scheduler };
  const taken = new Set(system.cpupools.flatMap((each) => each.cpus.map((cpu) => cpu.label)));
  const left = system.board.cpus.filter(
    (cpu) => !taken.has(cpu.label) && !isParked(cpu, system) && !isBeyondMaximum(cpu, system),
  );
  return { name: "Pool-0", cpus: left, scheduler };
}

/** Domains by the group they run in. A pool is told by itself: its name may be "Pool-0" without its being that. */
export function domainsByGroup(system: ResolvedSystem): readonly { group: Group; domains: ResolvedDomain[] }[] {
  const groups = new Map<ResolvedPool | undefined, { group: Group; domains: ResolvedDomain[] }>();
  for (const domain of system.domains) {
    const pool = domain.pool ?? bootPool(system);
    const entry = groups.get(pool) ?? { group: groupOf(domain, system), domains: [] };
    entry.domains.push(domain);
    groups.set(pool, entry);
  }
  return [...groups.values()];
}

/**
 * The number by which the hypervisor knows each pool, in the order of the text: CPUs that are in none form a last
 * pool, and the pool with the boot CPU changes places with the first.
 */
export function poolNumbers(system: ResolvedSystem): readonly number[] {
  const { cpupools } = system;
  const holder = bootPool(system);
  const boot = holder ? cpupools.indexOf(holder) : cpupools.length;
  return cpupools.map((_, index) => (index === boot ? 0 : index === 0 ? boot : index));
}

/** The pool with the boot CPU, where it is in one. */
export const bootPool = ({ board, cpupools }: ResolvedSystem): ResolvedPool | undefined =>
  cpupools.find(({ cpus }) => cpus.some(({ label }) => label === board.cpus[0]?.label));

/**
 * Upstream Xen takes no CPU into service that is not of the boot CPU's model, unless its command line has hmp-unsafe
 * (xen/docs/misc/xen-command-line.pandoc; row A14).
 */
export const isParked = (cpu: BoardCpu, { board, hypervisor, target }: ResolvedSystem): boolean =>
  target.hypervisor !== "core" &&
  cpu.model !== board.cpus[0]?.model &&
  !booleanArgument(hypervisor.bootargs, "hmp-unsafe");

/**
 * Upstream Xen starts CPUs in their order, the boot CPU first, until there are as many as its command line's maxcpus says
 * (xen/docs/misc/xen-command-line.pandoc; row F6).
 */
export function isBeyondMaximum(cpu: BoardCpu, { board, hypervisor, target }: ResolvedSystem): boolean {
  const maximum = Number(argumentValues(hypervisor.bootargs, "maxcpus").at(-1) ?? 0);
  return target.hypervisor !== "core" && maximum > 0 && board.cpus.indexOf(cpu) >= maximum;
}

/** Of an option that is given twice, Xen takes the last. */
export const commandLineScheduler = (bootargs: string): string | undefined => argumentValues(bootargs, "sched").at(-1);
