import { consumerCheck } from "../phandle-args.ts";

export const powerDomainsProperty = consumerCheck("power_domains", "power-domains", "#power-domain-cells");
