import { stringCheck } from "../string-check.ts";
import type { Check } from "../check.ts";

export const nameIsString: Check = { ...stringCheck("name_is_string", "name"), level: "error" };
