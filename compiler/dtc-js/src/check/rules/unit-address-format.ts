import { isBus } from "../bus.ts";
import { unitAddress } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** The address is written in hexadecimal digits; buses that know better have checks of their own. */
export const unitAddressFormat = nodeCheck(
  "unit_address_format",
  (entry, judge) => {
    const unit = unitAddress(entry.node);
    if (unit === undefined || !entry.parent) return;
    // Other buses judge theirs, too, but dtc looks for these two alone before this check.
    if (isBus(entry.parent, "pci") || isBus(entry.parent, "simple-bus")) return;
    if (unit.startsWith("0x")) judge.fail(entry, 'unit name should not have leading "0x"');
    else if (/^0[0-9a-fA-F]/.test(unit)) judge.fail(entry, "unit name should not have leading 0s");
  },
  { needs: ["node_name_format", "pci_bridge", "simple_bus_bridge"] },
);
