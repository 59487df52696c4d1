import { consumerCheck } from "../phandle-args.ts";

export const hwlocksProperty = consumerCheck("hwlocks", "hwlocks", "#hwlock-cells");
