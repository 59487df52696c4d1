import { cellCheck } from "../cell-check.ts";

/** Cells of one `interrupts-extended` entry behind its phandle. */
export const interruptsExtendedIsCell = cellCheck("interrupts_extended_is_cell", "#interrupt-cells");
