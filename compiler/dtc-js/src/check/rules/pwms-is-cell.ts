import { cellCheck } from "../cell-check.ts";

/** Cells of one `pwms` entry behind its phandle. */
export const pwmsIsCell = cellCheck("pwms_is_cell", "#pwm-cells");
