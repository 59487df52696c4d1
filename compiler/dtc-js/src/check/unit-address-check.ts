import type { CheckName } from "../diagnostic.ts";
import { getProperty } from "../find.ts";
import type { Entry } from "../resolve/index-tree.ts";
import { unitAddress } from "./cells.ts";
import { nodeCheck, type Check } from "./check.ts";

/** No two children that count have the same unit address. */
export const unitAddressCheck = (name: CheckName, level: "warning" | "off", counts: (entry: Entry) => boolean): Check =>
  nodeCheck(
    name,
    (entry, judge) => {
      // Without cells of its own, a node gives no addresses.
      if (!getProperty(entry.node, "#size-cells")) return;
      const users = new Map<string, Entry[]>();
      for (const child of entry.children) {
        const unit = unitAddress(child.node);
        if (unit === undefined || !counts(child)) continue;
        const earlier = users.get(unit) ?? [];
        for (const first of earlier) judge.fail(first, `duplicate unit-address (also used in node ${child.path})`);
        earlier.push(child);
        users.set(unit, earlier);
      }
    },
    { level, property: "#address-cells", needs: ["avoid_default_addr_size"] },
  );
