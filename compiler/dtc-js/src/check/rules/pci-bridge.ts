import { baseName, getProperty } from "../../find.ts";
import { isBus } from "../bus.ts";
import { addressCells, cellAt, sizeCells } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** PCI Bus Binding to IEEE 1275: what a bridge must say of its bus. */
export const pciBridge = nodeCheck(
  "pci_bridge",
  (entry, judge) => {
    const { node } = entry;
    if (!isBus(entry, "pci")) return;
    if (baseName(node.name) !== "pci" && baseName(node.name) !== "pcie") {
      judge.fail(entry, 'node name is not "pci" or "pcie"');
    }
    if (!getProperty(node, "ranges")) judge.fail(entry, "missing ranges for PCI bridge (or not a bridge)");
    if (addressCells(node) !== 3) judge.fail(entry, "incorrect #address-cells for PCI bridge");
    if (sizeCells(node) !== 2) judge.fail(entry, "incorrect #size-cells for PCI bridge");
    const range = getProperty(node, "bus-range");
    if (!range) return;
    if (range.value.bytes.length !== 8) {
      judge.fail(entry, "value must be 2 cells", range);
      return;
    }
    if (cellAt(range, 0) > cellAt(range, 1)) {
      judge.fail(entry, "1st cell must be less than or equal to 2nd cell", range);
    }
    if (cellAt(range, 1) > 0xff) judge.fail(entry, "maximum bus number must be less than 256", range);
  },
  { needs: ["device_type_is_string", "addr_size_cells"] },
);
