import { consumerCheck } from "../phandle-args.ts";

export const pwmsProperty = consumerCheck("pwms", "pwms", "#pwm-cells");
