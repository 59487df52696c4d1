import { diagnose } from "../../diagnostics/catalogue.ts";
import type { StreamId } from "../../ir/devices.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { isWithin, pairsOfDomains } from "../devices.ts";
import type { Rule } from "../rule.ts";

/** XI4120: an IOMMU cannot tell two domains' devices apart, so that each reaches what the other may. */
export const deviceStreamShared: Rule<ResolvedSystem> = {
  name: "device-stream-shared",
  *check(system) {
    for (const [later, earlier] of pairsOfDomains(system)) {
      if (isWithin(later, earlier)) continue;
      const stream = later.device.streams.find((a) => earlier.device.streams.some((b) => overlaps(a, b)));
      if (stream)
        yield diagnose(
          "XI4120",
          { device: later.name, other: earlier.name, domain: earlier.domain.name, iommu: stream.iommu },
          { primary: { path: later.device.place } },
        );
    }
  },
};

const overlaps = (a: StreamId, b: StreamId): boolean =>
  a.iommu === b.iommu && a.first < b.first + b.count && b.first < a.first + a.count;
