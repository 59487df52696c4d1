import { getProperty } from "../../find.ts";
import { isBus } from "../bus.ts";
import { cellAt, unitAddress } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** The unit address of a device is its chip select. */
export const spiBusReg = nodeCheck(
  "spi_bus_reg",
  (entry, judge) => {
    const { node, parent } = entry;
    if (!parent || !isBus(parent, "spi") || getProperty(parent.node, "spi-slave")) return;
    const reg = getProperty(node, "reg");
    if (!reg || reg.value.bytes.length === 0) {
      judge.fail(entry, "missing or empty reg property");
      return;
    }
    const expected = cellAt(reg, 0).toString(16);
    if (unitAddress(node) === expected) return;
    judge.fail(entry, `SPI bus unit address format error, expected "${expected}"`);
  },
  { needs: ["reg_format", "spi_bus_bridge"] },
);
