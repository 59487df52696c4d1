import { cellCheck } from "../cell-check.ts";

/** Cells of one `msi-parent` entry behind its phandle. */
export const msiParentIsCell = cellCheck("msi_parent_is_cell", "#msi-cells");
