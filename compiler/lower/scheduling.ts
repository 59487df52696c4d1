import type { Node, Property } from "dtc-js";
import { cells, node, property, strings } from "dtc-js";
import type { Reservation, ResolvedDomain, ResolvedSystem, ResolvedVcpu, Schedule } from "../ir/resolved.ts";

/** Ours: a toolstack sets this upstream. A window of nobody has an empty name. */
export const scheduleProperties = ({ majorFrame, windows }: Schedule): readonly Property[] => [
  property("xenimg,arinc653-frame", cells(majorFrame)),
  property("xenimg,arinc653-domains", strings(...windows.map(({ domain = "" }) => domain))),
  property("xenimg,arinc653-windows", cells(...windows.flatMap(({ vcpu, duration }) => [vcpu, duration]))),
];

export const reservationProperties = (rtds: Reservation | undefined): readonly Property[] =>
  rtds === undefined
    ? []
    : [property("xenimg,rtds-budget", cells(rtds.budget)), property("xenimg,rtds-period", cells(rtds.period))];

/** `xen,vcpu` (booting.txt, from Xen 4.21 on): CPUs by number, the boot CPU first. */
export const vcpuNodes = ({ vcpus }: ResolvedDomain, { board }: ResolvedSystem): readonly Node[] =>
  vcpus.flatMap((vcpu, id) => (vcpu.affinity || vcpu.rtds ? [vcpuNode(vcpu, id, board.cpus)] : []));

function vcpuNode({ affinity, rtds }: ResolvedVcpu, id: number, cpus: ResolvedSystem["board"]["cpus"]): Node {
  const numbers = affinity?.map((cpu) => cpus.indexOf(cpu)).sort((a, b) => a - b);
  return node(`vcpu${id}`, {
    properties: [
      property("compatible", strings("xen,vcpu")),
      property("id", cells(id)),
      ...(numbers ? [property("hard-affinity", strings(numbers.join(",")))] : []),
      ...reservationProperties(rtds),
    ],
  });
}
