import { stringCheck } from "../string-check.ts";

export const deviceTypeIsString = stringCheck("device_type_is_string", "device_type");
