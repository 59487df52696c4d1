import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";
import type { Vcpu } from "../scheduling.ts";
import { vcpusOf } from "../scheduling.ts";

/** XI4433: affinities that leave a vCPU of a null pool without a CPU of its own. */
export const nullAffinity: Rule<ResolvedSystem> = {
  name: "null-affinity",
  *check(system) {
    for (const { group, domains } of domainsByGroup(system)) {
      const vcpus = vcpusOf(group, domains);
      if (group.scheduler !== "null" || vcpus.length > group.cpus.length) continue; // XI4210
      const homeless = withoutCpu(vcpus);
      if (homeless)
        yield diagnose(
          "XI4433",
          { vcpu: homeless.index, domain: homeless.domain.name, pool: group.name },
          { primary: { path: domainPath(homeless.domain, "vcpus", homeless.index, "affinity") } },
        );
    }
  },
};

/** The first vCPU that gets none, whoever moves: a matching, one augmenting path a vCPU. */
function withoutCpu(vcpus: readonly Vcpu[]): Vcpu | undefined {
  const holder = new Map<string, Vcpu>();
  const place = (vcpu: Vcpu, asked: Set<string>): boolean => {
    for (const { label } of vcpu.cpus) {
      if (asked.has(label)) continue;
      asked.add(label);
      const other = holder.get(label);
      if (other !== undefined && !place(other, asked)) continue;
      holder.set(label, vcpu);
      return true;
    }
    return false;
  };
  return vcpus.find((vcpu) => !place(vcpu, new Set()));
}
