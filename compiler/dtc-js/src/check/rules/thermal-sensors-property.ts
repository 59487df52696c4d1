import { consumerCheck } from "../phandle-args.ts";

export const thermalSensorsProperty = consumerCheck("thermal_sensors", "thermal-sensors", "#thermal-sensor-cells");
