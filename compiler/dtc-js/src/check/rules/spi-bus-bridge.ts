import { baseName, getProperty } from "../../find.ts";
import { isBus } from "../bus.ts";
import { addressCells, sizeCells } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** A chip select is one cell without a size; a slave has no address at all. */
export const spiBusBridge = nodeCheck(
  "spi_bus_bridge",
  (entry, judge) => {
    const { node } = entry;
    if (!isBus(entry, "spi")) return;
    // What has no address of its own, as a bus of single pins, may be called otherwise.
    if (baseName(node.name) !== "spi" && getProperty(node, "reg")) {
      judge.fail(entry, "node name for SPI buses should be 'spi'");
    }
    // Where no device is below, the cells are unused.
    if (entry.children.length === 0) return;
    const slave = getProperty(node, "spi-slave") !== undefined;
    if (addressCells(node) !== (slave ? 0 : 1)) judge.fail(entry, "incorrect #address-cells for SPI bus");
    if (sizeCells(node) !== 0) judge.fail(entry, "incorrect #size-cells for SPI bus");
  },
  { needs: ["addr_size_cells"] },
);
