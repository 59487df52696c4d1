import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { assignedDevices, isWithin } from "../devices.ts";
import type { Rule } from "../rule.ts";

/** XI4807: a node without registers is described by the tree, but there is nothing to give. */
export const deviceWithoutRegisters: Rule<ResolvedSystem> = {
  name: "device-without-registers",
  *check(system) {
    const all = assignedDevices(system);
    for (const owned of all) {
      const { domain, device, name } = owned;
      // Who writes a partial tree may want an interrupt alone; registers of a child are among those of the node above it.
      const isPart = all.some((other) => other !== owned && other.domain === domain && isWithin(owned, other));
      if (device.regions.length === 0 && domain.passthrough?.source === undefined && !isPart)
        yield diagnose("XI4807", { device: name }, { primary: { path: device.place } });
    }
  },
};
