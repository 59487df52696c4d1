import { getProperty } from "../../find.ts";
import { isBus } from "../bus.ts";
import { cellAt, unitAddress } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** Flags of an address: dt-bindings/i2c/i2c.h. */
const TEN_BIT = 0x8000_0000;
const OWN_SLAVE = 0x4000_0000;

/** The unit address is that of `reg`, and fits the bus. */
export const i2cBusReg = nodeCheck(
  "i2c_bus_reg",
  (entry, judge) => {
    const { node, parent } = entry;
    if (!parent || !isBus(parent, "i2c")) return;
    const reg = getProperty(node, "reg");
    if (!reg || reg.value.bytes.length === 0) {
      judge.fail(entry, "missing or empty reg property");
      return;
    }
    // As in dtc, only "this is our own address" is taken off before the names are compared.
    const named = (cellAt(reg, 0) & ~OWN_SLAVE) >>> 0;
    if (unitAddress(node) !== named.toString(16)) {
      judge.fail(entry, `I2C bus unit address format error, expected "${named.toString(16)}"`);
    }
    for (let index = 0; index * 4 < reg.value.bytes.length; index++) {
      const address = (cellAt(reg, index) & ~OWN_SLAVE) >>> 0;
      const wide = address >= TEN_BIT;
      const shown = `"0x${address.toString(16)}"`;
      if (wide && address - TEN_BIT > 0x3ff) {
        judge.fail(entry, `I2C address must be less than 10-bits, got ${shown}`, reg);
      } else if (!wide && address > 0x7f) {
        const advice = "Set I2C_TEN_BIT_ADDRESS for 10 bit addresses or fix the property";
        judge.fail(entry, `I2C address must be less than 7-bits, got ${shown}. ${advice}`, reg);
      }
    }
  },
  { needs: ["reg_format", "i2c_bus_bridge"] },
);
