import type { PvDemand } from "../codecs/pv-queues.ts";
import { pvDemand } from "../codecs/pv-queues.ts";
import type { PvLink } from "../ir/pv.ts";
import type { ResolvedDomain, ResolvedSystem } from "../ir/resolved.ts";

/** What the drivers of a domain's links take together, at most, and the most queues that one of them has. */
export interface DomainDemand extends PvDemand {
  readonly queues: number;
}

/** Links with as many queues as the end with fewer vCPUs has. */
export function demandsOf({ pv, domains }: ResolvedSystem, { name }: ResolvedDomain): DomainDemand {
  const cpus = cpusOf(domains);
  let sum: DomainDemand = { nodes: 0, eventChannels: 0, grants: 0, mappings: 0, queues: 0 };
  for (const link of pv) {
    if (link.backend !== name && link.frontend !== name) continue;
    const one = demandOf(link, cpus)?.[link.backend === name ? "backend" : "frontend"];
    if (one === undefined) continue;
    sum = {
      nodes: sum.nodes + one.nodes,
      eventChannels: sum.eventChannels + one.eventChannels,
      grants: sum.grants + one.grants,
      mappings: sum.mappings + one.mappings,
      queues: Math.max(sum.queues, one.queues),
    };
  }
  return sum;
}

/** vCPUs by the domains' names. */
export const cpusOf = (domains: readonly ResolvedDomain[]): ReadonlyMap<string, number> =>
  new Map(domains.map(({ name, cpus }) => [name, cpus]));

/** Of both ends of a link; undefined where nobody serves it (XI4950). */
export function demandOf(
  { kind, backend, frontend }: Pick<PvLink, "kind" | "backend" | "frontend">,
  cpus: ReadonlyMap<string, number>,
): Readonly<Record<"backend" | "frontend", DomainDemand>> | undefined {
  if (kind === "9pfs") return undefined;
  const queues = kind === "console" ? 1 : Math.min(cpus.get(backend) ?? Infinity, cpus.get(frontend) ?? Infinity);
  const ends = pvDemand(kind, queues);
  return { backend: { ...ends.backend, queues }, frontend: { ...ends.frontend, queues } };
}
