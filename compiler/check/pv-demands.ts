import type { PvDemand } from "../codecs/pv-queues.ts";
import { pvDemand } from "../codecs/pv-queues.ts";
import type { ResolvedDomain, ResolvedSystem } from "../ir/resolved.ts";

/** What the drivers of a domain's links take together, at most, and the most queues that one of them has. */
export interface DomainDemand extends PvDemand {
  readonly queues: number;
}

/** Links with as many queues as the end with fewer vCPUs has: the first `count` of the system's. */
export function demandsOf(
  { pv, domains }: ResolvedSystem,
  { name, cpus }: ResolvedDomain,
  count = pv.length,
): DomainDemand {
  const cpusOf = (other: string): number => domains.find((domain) => domain.name === other)?.cpus ?? cpus;
  let sum: DomainDemand = { nodes: 0, eventChannels: 0, grants: 0, mappings: 0, queues: 0 };
  for (const { kind, backend, frontend } of pv.slice(0, count)) {
    if ((kind !== "net" && kind !== "block") || (backend !== name && frontend !== name)) continue;
    const queues = Math.min(cpusOf(backend), cpusOf(frontend));
    const one = pvDemand(kind, queues)[backend === name ? "backend" : "frontend"];
    sum = {
      nodes: sum.nodes + one.nodes,
      eventChannels: sum.eventChannels + one.eventChannels,
      grants: sum.grants + one.grants,
      mappings: sum.mappings + one.mappings,
      queues: Math.max(sum.queues, queues),
    };
  }
  return sum;
}
