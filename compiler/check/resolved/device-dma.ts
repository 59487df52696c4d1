import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { assignedDevices } from "../devices.ts";
import type { Rule } from "../rule.ts";

/** XI4805: without an IOMMU a device uses machine addresses, and so must its driver (Xen passthrough-noiommu.txt). */
export const deviceDma: Rule<ResolvedSystem> = {
  name: "device-dma",
  *check(system) {
    for (const { domain, device, name } of assignedDevices(system))
      // Without its registers nobody can set it going.
      if (device.dma && device.regions.length > 0 && !domain.directMap)
        yield diagnose("XI4805", { device: name, domain: domain.name }, { primary: { path: device.place } });
  },
};
