import { getProperty } from "../../find.ts";
import { isBus } from "../bus.ts";
import { cellAt, unitAddress } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** The first entry of `reg` is the device's configuration space, and the unit address is its device and function. */
export const pciDeviceReg = nodeCheck(
  "pci_device_reg",
  (entry, judge) => {
    const reg = getProperty(entry.node, "reg");
    if (!entry.parent || !isBus(entry.parent, "pci") || !reg) return;
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
