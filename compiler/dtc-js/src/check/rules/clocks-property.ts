import { consumerCheck } from "../phandle-args.ts";

export const clocksProperty = consumerCheck("clocks", "clocks", "#clock-cells");
