import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { busOf } from "../bus.ts";
import { addressCells, cellAt, sizeCells, unitAddress } from "../cells.ts";

/** A chip select is one cell without a size; a slave has no address at all. */
export const spiBusBridge = nodeCheck(
  "spi_bus_bridge",
  (entry, judge) => {
    const { node } = entry;
    if (busOf(entry) !== "spi") return;
    const slave = getProperty(node, "spi-slave") !== undefined;
    // Where no device is below, the cells are unused.
    if (entry.children.length === 0) return;
    if (addressCells(node) !== (slave ? 0 : 1)) judge.fail(entry, "incorrect #address-cells for SPI bus");
    if (sizeCells(node) !== 0) judge.fail(entry, "incorrect #size-cells for SPI bus");
  },
  { needs: ["addr_size_cells"] },
);

/** The unit address of a device is its chip select. */
export const spiBusReg = nodeCheck(
  "spi_bus_reg",
  (entry, judge) => {
    const { node, parent } = entry;
    if (!parent || busOf(parent) !== "spi" || getProperty(parent.node, "spi-slave")) return;
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
