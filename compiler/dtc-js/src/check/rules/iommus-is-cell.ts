import { cellCheck } from "../cell-check.ts";

/** Cells of one `iommus` entry behind its phandle. */
export const iommusIsCell = cellCheck("iommus_is_cell", "#iommu-cells");
