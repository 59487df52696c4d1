import { stringCheck } from "../string-check.ts";

export const statusIsString = stringCheck("status_is_string", "status");
