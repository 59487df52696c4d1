import { cellCheck } from "../cell-check.ts";

export const addressCellsIsCell = cellCheck("address_cells_is_cell", "#address-cells");
