import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { assignedDevices } from "../devices.ts";
import type { Rule } from "../rule.ts";

/** XI4807: neither hypervisor assigns a device without registers (row F13), though the tree may describe it. */
export const deviceWithoutRegisters: Rule<ResolvedSystem> = {
  name: "device-without-registers",
  *check(system) {
    for (const { device, name } of assignedDevices(system))
      if (device.regions.length === 0) yield diagnose("XI4807", { device: name }, { primary: { path: device.place } });
  },
};
