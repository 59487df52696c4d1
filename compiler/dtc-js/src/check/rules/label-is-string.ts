import { stringCheck } from "../string-check.ts";

export const labelIsString = stringCheck("label_is_string", "label");
