import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";
import type { Vcpu } from "../scheduling.ts";
import { vcpusOf } from "../scheduling.ts";

/** The core counts in these (lib/reserve.c): both sides of a bound must agree on it. */
const one = 1n << 40n;
const share = ({ rtds: { budget, period } }: Vcpu): bigint => (BigInt(budget) * one) / BigInt(period);
const thousandths = (value: bigint): string => (Number((value * 1000n + one / 2n) / one) / 1000).toFixed(3);

/**
 * XI4425: budgets that the earliest deadline first cannot keep. On one CPU they may sum to 1 (Liu and Layland 1973); on
 * any of m, to m less m - 1 times the largest (Goossens, Funk and Baruah 2003).
 */
export const rtdsOvercommitted: Rule<ResolvedSystem> = {
  name: "rtds-overcommitted",
  *check(system) {
    if (system.target.hypervisor !== "core") return;
    for (const { group, domains } of domainsByGroup(system)) {
      const all = vcpusOf(group, domains);
      if (group.scheduler !== "rtds" || all.some(({ rtds }) => rtds.budget > rtds.period)) continue; // XI4424
      for (const { cpus, on, vcpus } of scopes(all, group.cpus.length, group.name)) {
        const shares = vcpus.map(share);
        const sum = shares.reduce((total, each) => total + each, 0n);
        const largest = shares.reduce((most, each) => (each > most ? each : most), 0n);
        const last = vcpus.at(-1);
        const most = BigInt(cpus) * one - BigInt(cpus - 1) * largest;
        if (last !== undefined && sum > most)
          yield diagnose(
            "XI4425",
            { on, sum: thousandths(sum), most: thousandths(most) },
            { primary: { path: domainPath(last.domain, "cpus") } },
          );
      }
    }
  },
};

/** What is judged together: each CPU by itself where every vCPU is bound to one, else all of the pool. */
function scopes(all: readonly Vcpu[], poolCpus: number, pool: string) {
  if (all.some(({ cpus }) => cpus.length !== 1)) return [{ cpus: poolCpus, on: `pool "${pool}"`, vcpus: all }];
  const labels = new Set(all.flatMap(({ cpus }) => cpus.map(({ label }) => label)));
  return [...labels].map((label) => ({
    cpus: 1,
    on: label,
    vcpus: all.filter(({ cpus }) => cpus[0]?.label === label),
  }));
}
