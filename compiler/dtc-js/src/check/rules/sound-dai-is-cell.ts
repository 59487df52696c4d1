import { cellCheck } from "../cell-check.ts";

/** Cells of one `sound-dai` entry behind its phandle. */
export const soundDaiIsCell = cellCheck("sound_dai_is_cell", "#sound-dai-cells");
