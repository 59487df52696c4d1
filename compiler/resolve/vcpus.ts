import { nearest } from "../base/suggest.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { CheckedBoard, CheckedDomain } from "../ir/checked.ts";
import type { BoardFacts, ResolvedVcpu } from "../ir/resolved.ts";

/** The CPUs of each vCPU's affinity; XI3002 where the board has none of that label. */
export function resolveVcpus(
  { name, vcpus }: CheckedDomain,
  { name: boardName, cpus: labels }: CheckedBoard,
  board: BoardFacts | undefined,
): { readonly value: readonly ResolvedVcpu[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = vcpus.flatMap(({ affinity = [] }, vcpu) =>
    affinity.flatMap((cpu, index) => {
      if (labels.includes(cpu)) return [];
      const params = { cpu, board: boardName, known: labels, nearest: nearest(cpu, labels) };
      return [diagnose("XI3002", params, { primary: { path: ["domains", name, "vcpus", vcpu, "affinity", index] } })];
    }),
  );
  const value = vcpus.map(({ affinity, rtds }) => ({
    rtds,
    affinity: affinity?.flatMap((label) => board?.cpus.find((cpu) => cpu.label === label) ?? []),
  }));
  return { value, diagnostics };
}
