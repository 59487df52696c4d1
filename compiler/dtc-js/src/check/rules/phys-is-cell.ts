import { cellCheck } from "../cell-check.ts";

/** Cells of one `phys` entry behind its phandle. */
export const physIsCell = cellCheck("phys_is_cell", "#phy-cells");
