import { cellCheck } from "../cell-check.ts";

/** Cells of one `thermal-sensors` entry behind its phandle. */
export const thermalSensorsIsCell = cellCheck("thermal_sensors_is_cell", "#thermal-sensor-cells");
