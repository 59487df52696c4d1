import { cellCheck } from "../cell-check.ts";

/** Cells of one `mux-controls` entry behind its phandle. */
export const muxControlsIsCell = cellCheck("mux_controls_is_cell", "#mux-control-cells");
