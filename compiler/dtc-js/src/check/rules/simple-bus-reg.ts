import { getProperty } from "../../find.ts";
import { isBus } from "../bus.ts";
import { addressCells, numberAt, unitAddress } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** What sits on a simple bus has an address, and its name says which. */
export const simpleBusReg = nodeCheck(
  "simple_bus_reg",
  (entry, judge) => {
    const { node, parent } = entry;
    if (!parent || !isBus(parent, "simple-bus")) return;
    const reg = getProperty(node, "reg");
    const ranges = getProperty(node, "ranges");
    const found = reg ?? (ranges && ranges.value.bytes.length > 0 ? ranges : undefined);
    if (!found || found.value.bytes.length === 0) {
      judge.fail(entry, "missing or empty reg/ranges property");
      return;
    }
    // In `ranges`, the address on this bus follows the one below the node.
    const at = found === reg ? 0 : addressCells(node);
    const expected = numberAt(found, at, addressCells(parent.node)).toString(16);
    if (unitAddress(node) === expected) return;
    judge.fail(entry, `simple-bus unit address format error, expected "${expected}"`);
  },
  { needs: ["reg_format", "simple_bus_bridge"] },
);
