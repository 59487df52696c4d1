import { cellCheck } from "../cell-check.ts";

/** Cells of one `hwlocks` entry behind its phandle. */
export const hwlocksIsCell = cellCheck("hwlocks_is_cell", "#hwlock-cells");
