import { consumerCheck } from "../phandle-args.ts";

export const resetsProperty = consumerCheck("resets", "resets", "#reset-cells");
