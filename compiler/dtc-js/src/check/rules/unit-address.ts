import type { CheckName } from "../../diagnostic.ts";
import { getProperty } from "../../find.ts";
import type { Entry } from "../../resolve/index-tree.ts";
import type { Check } from "../check.ts";
import { nodeCheck } from "../check.ts";
import { busOf } from "../bus.ts";
import { stringsOf, unitAddress } from "../cells.ts";

/** Devicetree Specification 0.4, 2.2.1: a node with an address has it in its name, and no other has. */
export const unitAddressVsReg = nodeCheck("unit_address_vs_reg", (entry, judge) => {
  // What an overlay calls its fragments says nothing of addresses.
  if (entry.node.children.some(({ name }) => name === "__overlay__")) return;
  const reg = getProperty(entry.node, "reg") ?? getProperty(entry.node, "ranges");
  const addressed = reg !== undefined && (reg.name === "reg" || reg.value.bytes.length > 0);
  const unit = unitAddress(entry.node);
  if (addressed && unit === undefined) {
    judge.fail(entry, "node has a reg or ranges property, but no unit name");
  } else if (!addressed && unit !== undefined) {
    judge.fail(entry, "node has a unit name, but no reg or ranges property");
  }
});

/** The address is written in hexadecimal digits; buses that know better have checks of their own. */
export const unitAddressFormat = nodeCheck(
  "unit_address_format",
  (entry, judge) => {
    const unit = unitAddress(entry.node);
    if (unit === undefined || !entry.parent || busOf(entry.parent)) return;
    if (unit.startsWith("0x")) judge.fail(entry, 'unit name should not have leading "0x"');
    else if (/^0[0-9a-fA-F]/.test(unit)) judge.fail(entry, "unit name should not have leading 0s");
  },
  { needs: ["node_name_format", "pci_bridge", "simple_bus_bridge"] },
);

const uniqueUnitAddress = (name: CheckName, level: "warning" | "off", counts: (entry: Entry) => boolean): Check =>
  nodeCheck(
    name,
    (entry, judge) => {
      const users = new Map<string, Entry[]>();
      for (const child of entry.children) {
        const unit = unitAddress(child.node);
        if (unit === undefined || !counts(child)) continue;
        const earlier = users.get(unit);
        if (earlier) earlier.push(child);
        else users.set(unit, [child]);
      }
      for (const child of entry.children) {
        const same = users.get(unitAddress(child.node) ?? "") ?? [];
        for (const later of same.slice(same.indexOf(child) + 1)) {
          if (!same.includes(child)) continue;
          judge.fail(child, `duplicate unit-address (also used in node ${later.path})`);
        }
      }
    },
    { level, needs: ["avoid_default_addr_size"] },
  );

/** No two devices at one address of one bus. */
export const uniqueUnitAddresses = uniqueUnitAddress("unique_unit_address", "warning", () => true);

/** The same, of those that are not disabled: two drivers for one device are a choice. */
export const uniqueUnitAddressesIfEnabled = uniqueUnitAddress(
  "unique_unit_address_if_enabled",
  "off",
  ({ node }) => stringsOf(getProperty(node, "status"))[0] !== "disabled",
);
