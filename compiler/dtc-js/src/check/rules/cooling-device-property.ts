import { consumerCheck } from "../phandle-args.ts";

export const coolingDeviceProperty = consumerCheck("cooling_device", "cooling-device", "#cooling-cells");
