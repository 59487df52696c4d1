import { hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4209: a direct-mapped vPL011 takes the host UART's address, which must exist and be a page (row C12). */
export const directMapUart: Rule<ResolvedSystem> = {
  name: "direct-map-uart",
  *check(system) {
    const uart = system.board.console;
    if (uart !== undefined && uart.mmio.size >= limits.page) return;
    const found = uart === undefined ? "no console UART" : `only ${hex(uart.mmio.size)} bytes at ${uart.path}`;
    for (const domain of system.domains)
      if (domain.directMap && domain.vpl011)
        yield diagnose("XI4209", { found }, { primary: { path: domainPath(domain, "console") } });
  },
};
