import { cellCheck } from "../cell-check.ts";

export const sizeCellsIsCell = cellCheck("size_cells_is_cell", "#size-cells");
