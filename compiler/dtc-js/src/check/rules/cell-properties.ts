import { getProperty } from "../../find.ts";
import type { CheckName } from "../../diagnostic.ts";
import { nodeCheck, type Check } from "../check.ts";

/** A property that is one cell wherever it stands. */
export const cellCheck = (check: CheckName, property: string): Check =>
  nodeCheck(
    check,
    (entry, judge) => {
      const found = getProperty(entry.node, property);
      if (found && found.value.bytes.length !== 4) judge.fail(entry, "property is not a single cell", found);
    },
    { property },
  );

export const addressCellsIsCell = cellCheck("address_cells_is_cell", "#address-cells");
export const sizeCellsIsCell = cellCheck("size_cells_is_cell", "#size-cells");

/** Others count on both numbers. */
export const addrSizeCells = nodeCheck("addr_size_cells", () => undefined, {
  needs: ["address_cells_is_cell", "size_cells_is_cell"],
});
