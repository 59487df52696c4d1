import { cellCheck } from "../cell-check.ts";

/** Cells of one `mboxes` entry behind its phandle. */
export const mboxesIsCell = cellCheck("mboxes_is_cell", "#mbox-cells");
