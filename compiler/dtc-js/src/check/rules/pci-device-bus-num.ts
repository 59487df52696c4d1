import { getProperty } from "../../find.ts";
import { isBus } from "../bus.ts";
import { cellAt } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** A device is on a bus that its bridge reaches. */
export const pciDeviceBusNum = nodeCheck(
  "pci_device_bus_num",
  (entry, judge) => {
    const reg = getProperty(entry.node, "reg");
    if (!entry.parent || !isBus(entry.parent, "pci") || !reg) return;
    const number = (cellAt(reg, 0) >>> 16) & 0xff;
    const range = getProperty(entry.parent.node, "bus-range");
    const [least, most] = range ? [cellAt(range, 0), cellAt(range, 1)] : [0, 0];
    if (number >= least && number <= most) return;
    judge.fail(entry, `PCI bus number ${number} out of range, expected (${least} - ${most})`, range);
  },
  { property: "reg", needs: ["reg_format", "pci_bridge"] },
);
