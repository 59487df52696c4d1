import { alignUp } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { BoardFacts, ResolvedDomain } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4904: `nr_spis` leaves out an interrupt that the domain has (row C14). */
export const spisTooFew: Rule<ResolvedSystem> = {
  name: "spis-too-few",
  *check({ target, board, domains }) {
    for (const domain of domains) {
      const { nrSpis } = domain;
      // The core takes 0 for "as many as needed", and makes room for the vPL011 by itself.
      if (nrSpis === undefined || (target.hypervisor === "core" && nrSpis === 0)) continue;
      const offered = target.hypervisor === "core" ? nrSpis : alignUp(nrSpis, 32);
      const own = target.hypervisor === "core" ? [] : consoleInterrupt(domain, board);
      const needed = Math.max(-1, ...own, ...deviceInterrupts(domain)) + 1;
      if (needed > offered)
        yield diagnose(
          "XI4904",
          { domain: domain.name, offered, needed },
          { primary: { path: domainPath(domain, "nrSpis") } },
        );
    }
  },
};

/** SPI 0 (GUEST_VPL011_SPI), or that of the UART whose place it takes in a direct-mapped domain. */
const consoleInterrupt = ({ vpl011, directMap }: ResolvedDomain, { console }: BoardFacts): readonly number[] =>
  vpl011 ? [directMap ? (console?.spi ?? 0) : 0] : [];

const deviceInterrupts = ({ passthrough }: ResolvedDomain): readonly number[] =>
  (passthrough?.devices ?? []).flatMap(({ interrupts }) =>
    interrupts.filter(({ kind }) => kind === "spi").map(({ number }) => number),
  );
