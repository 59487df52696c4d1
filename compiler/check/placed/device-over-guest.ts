import { formatRange, overlapOf } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import { viewsOf } from "../../ir/placed.ts";
import { assignedDevices } from "../devices.ts";
import { ownedBy } from "../guest-space.ts";
import type { Rule } from "../rule.ts";

/** XI4808: in a guest's address space, an assigned device lies on nothing else. */
export const deviceOverGuest: Rule<PlacedSystem> = {
  name: "device-over-guest",
  *check(placed) {
    for (const { domain, device, name } of assignedDevices(placed.resolved)) {
      const of = placed.domains.find(({ resolved }) => resolved.name === domain.name);
      const shared = viewsOf(placed, domain.name).map(({ share, at }) => ({
        what: `the shared memory "${share.resolved.name}"`,
        range: at,
      }));
      const taken = [...(of ? ownedBy(of, placed.resolved.board) : []), ...shared];
      for (const { guest } of device.regions) {
        const hit = taken.find(({ range }) => overlapOf<number>(range, guest));
        if (hit)
          yield diagnose(
            "XI4808",
            {
              device: name,
              domain: domain.name,
              range: formatRange(guest),
              what: hit.what,
              taken: formatRange(hit.range),
            },
            { primary: { path: device.place } },
          );
      }
    }
  },
};
