import { consumerCheck } from "../phandle-args.ts";

export const physProperty = consumerCheck("phys", "phys", "#phy-cells");
