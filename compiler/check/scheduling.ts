import type { ConfigPath } from "../diagnostics/diagnostic.ts";
import type { ResolvedDomain, ResolvedPool, ResolvedSystem } from "../ir/resolved.ts";
import { domainPath } from "./claims.ts";

type Scheduler = NonNullable<ResolvedPool["scheduler"]>;

/** What a configuration says to a scheduler, and which schedulers listen. */
export interface SchedulingParameter {
  readonly field: string;
  readonly path: ConfigPath;
  readonly domain: ResolvedDomain;
  /** At least one; the one to propose first. */
  readonly schedulers: readonly [Scheduler, ...Scheduler[]];
}

const listeners = { weight: ["credit2", "credit"], cap: ["credit2", "credit"] } as const satisfies Partial<
  Record<keyof ResolvedDomain, readonly [Scheduler, ...Scheduler[]]>
>;

/** In the order of the text. */
export const schedulingParameters = ({ domains }: ResolvedSystem): readonly SchedulingParameter[] =>
  domains.flatMap((domain) =>
    (Object.keys(listeners) as (keyof typeof listeners)[])
      .filter((field) => domain[field] !== undefined)
      .map((field) => ({ field, path: domainPath(domain, field), domain, schedulers: listeners[field] })),
  );
