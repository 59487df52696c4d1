import { cellCheck } from "../cell-check.ts";

/** Cells of one `cooling-device` entry behind its phandle. */
export const coolingDeviceIsCell = cellCheck("cooling_device_is_cell", "#cooling-cells");
