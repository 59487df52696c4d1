import { cellCheck } from "../cell-check.ts";

/** Cells of one `power-domains` entry behind its phandle. */
export const powerDomainsIsCell = cellCheck("power_domains_is_cell", "#power-domain-cells");
