import { shortened } from "../../base/printable.ts";
import { deviceNumbers } from "../../codecs/xenstore.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";

/**
 * XI4953, XI4954, XI4966: what the backend's kernel opens is a device by its numbers. A path is nothing to it: a program in the
 * backend has to find the numbers and write them to XenStore, as a toolstack's scripts do. Until then the path
 * stands there, if it fits.
 */
export const pvDiskDevice: Rule<ResolvedSystem> = {
  name: "pv-disk-device",
  *check(system) {
    for (const [index, link] of system.pv.entries()) {
      if (link.kind !== "block" || deviceNumbers(link.device) !== undefined) continue;
      const { device, backend } = link;
      const primary = { path: ["pv", index, "device"] };
      if (!device.startsWith("/")) yield diagnose("XI4953", { device }, { primary });
      else if (servesStore(system)) {
        const count = new TextEncoder().encode(device).length;
        const limit = limits.storeValue;
        if (count > limit) yield diagnose("XI4966", { device: shortened(device, 60), count, limit }, { primary });
        else yield diagnose("XI4954", { device, backend }, { primary });
      }
    }
  },
};
