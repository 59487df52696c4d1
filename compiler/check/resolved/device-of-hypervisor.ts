import type { Range } from "../../base/ranges.ts";
import { endOf, formatRange, overlapOf } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { alignUp, physAddr } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { BoardFacts, ResolvedSystem } from "../../ir/resolved.ts";
import { assignedDevices } from "../devices.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4803: what the hypervisor drives itself, and memory, are no devices to give away. */
export const deviceOfHypervisor: Rule<ResolvedSystem> = {
  name: "device-of-hypervisor",
  *check(system) {
    const kept = keptBack(system.board);
    for (const { device, name } of assignedDevices(system))
      for (const { machine } of device.regions) {
        const hit = kept.find(({ range }) => overlapOf(range, machine));
        if (hit)
          yield diagnose(
            "XI4803",
            { device: name, pages: formatRange(machine), what: hit.what },
            { primary: { path: device.place } },
          );
      }
  },
};

interface Kept {
  readonly what: string;
  readonly range: Range<PhysAddr>;
}

function keptBack({ ram, gic, console, mmio }: BoardFacts): readonly Kept[] {
  const controller = [
    gic.distributor,
    ...(gic.version === 3
      ? gic.redistributors
      : [gic.cpuInterface, ...(gic.virtualInterface ? [gic.virtualInterface] : [])]),
    // The interface of hypervisors is in the controller's reg; frames for messages and the translation service are below.
    ...mmio.filter(({ name }) =>
      mmio.some((above) => above.start === gic.distributor.start && `${name}/`.startsWith(`${above.name}/`)),
    ),
  ];
  return [
    ...ram.map((range) => ({ what: "RAM", range })),
    ...controller.map((range) => ({ what: "the interrupt controller's", range })),
    ...(console ? [{ what: "the hypervisor's console", range: pagesAround(console.mmio) }] : []),
  ];
}

const pagesAround = (range: Range<PhysAddr>): Range<PhysAddr> => {
  const start = range.start - (range.start % limits.page);
  return { start: physAddr(start), size: alignUp(endOf(range), limits.page) - start };
};
