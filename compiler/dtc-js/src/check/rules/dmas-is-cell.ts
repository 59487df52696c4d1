import { cellCheck } from "../cell-check.ts";

/** Cells of one `dmas` entry behind its phandle. */
export const dmasIsCell = cellCheck("dmas_is_cell", "#dma-cells");
