import { isBus } from "../bus.ts";
import { addressCells, sizeCells } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** An address on an I2C bus is one cell and has no size. */
export const i2cBusBridge = nodeCheck(
  "i2c_bus_bridge",
  (entry, judge) => {
    // Without devices there is nothing to address.
    if (!isBus(entry, "i2c") || entry.children.length === 0) return;
    if (addressCells(entry.node) !== 1) judge.fail(entry, "incorrect #address-cells for I2C bus");
    if (sizeCells(entry.node) !== 0) judge.fail(entry, "incorrect #size-cells for I2C bus");
  },
  { needs: ["addr_size_cells"] },
);
