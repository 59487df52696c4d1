import { cellCheck } from "../cell-check.ts";

/** Cells of one `resets` entry behind its phandle. */
export const resetsIsCell = cellCheck("resets_is_cell", "#reset-cells");
