import { cellCheck } from "../cell-check.ts";

/** Cells of one `clocks` entry behind its phandle. */
export const clocksIsCell = cellCheck("clocks_is_cell", "#clock-cells");
