import { stringCheck } from "../string-check.ts";

export const modelIsString = stringCheck("model_is_string", "model");
