import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { assignedDevices } from "../devices.ts";
import type { Rule } from "../rule.ts";

/** XI4807: a node without registers is described by the tree, but there is nothing to give. */
export const deviceWithoutRegisters: Rule<ResolvedSystem> = {
  name: "device-without-registers",
  *check(system) {
    for (const { domain, device, name } of assignedDevices(system))
      // Who writes a partial tree may want an interrupt alone.
      if (device.regions.length === 0 && domain.passthrough?.source === undefined)
        yield diagnose("XI4807", { device: name }, { primary: { path: device.place } });
  },
};
