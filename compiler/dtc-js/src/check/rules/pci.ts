import { baseName, getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { busOf } from "../bus.ts";
import { addressCells, cellAt, sizeCells, unitAddress } from "../cells.ts";

/** PCI Bus Binding to IEEE 1275: what a bridge must say of its bus. */
export const pciBridge = nodeCheck(
  "pci_bridge",
  (entry, judge) => {
    const { node } = entry;
    if (busOf(entry) !== "pci") return;
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

/** A device is on a bus that its bridge reaches. */
export const pciDeviceBusNum = nodeCheck(
  "pci_device_bus_num",
  (entry, judge) => {
    const reg = getProperty(entry.node, "reg");
    if (!entry.parent || busOf(entry.parent) !== "pci" || !reg) return;
    const number = (cellAt(reg, 0) >>> 16) & 0xff;
    const range = getProperty(entry.parent.node, "bus-range");
    const [least, most] = range ? [cellAt(range, 0), cellAt(range, 1)] : [0, 0];
    if (number >= least && number <= most) return;
    judge.fail(entry, `PCI bus number ${number} out of range, expected (${least} - ${most})`, range);
  },
  { property: "reg", needs: ["reg_format", "pci_bridge"] },
);

/** The first entry of `reg` is the device's configuration space, and the unit address is its device and function. */
export const pciDeviceReg = nodeCheck(
  "pci_device_reg",
  (entry, judge) => {
    const reg = getProperty(entry.node, "reg");
    if (!entry.parent || busOf(entry.parent) !== "pci" || !reg) return;
    const place = cellAt(reg, 0);
    if (cellAt(reg, 1) !== 0 || cellAt(reg, 2) !== 0) {
      judge.fail(entry, "PCI reg config space address cells 2 and 3 must be 0", reg);
    }
    // phys.hi: npt000ss bbbbbbbb dddddfff rrrrrrrr; n, p, t and ss are 0 for configuration space.
    if (place >>> 24 !== 0) judge.fail(entry, "PCI reg address is not configuration space", reg);
    if ((place & 0xff) !== 0) judge.fail(entry, "PCI reg config space address register number must be 0", reg);
    const device = ((place >>> 11) & 0x1f).toString(16);
    const func = (place >>> 8) & 7;
    const unit = unitAddress(entry.node);
    if (unit === `${device},${func}` || (func === 0 && unit === device)) return;
    judge.fail(entry, `PCI unit address format error, expected "${device},${func}"`);
  },
  { property: "reg", needs: ["reg_format", "pci_bridge"] },
);
