import { hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import { guestImage } from "../../ir/resolved.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

const block = 0x20_0000;
const page = 0x1000;

/**
 * XI4112: a text_offset that is none: it counts from a 2 MiB boundary (Linux booting.rst), and code that finds its data
 * by ADRP must keep its place in the page.
 */
export const kernelTextOffset: Rule<ResolvedSystem> = {
  name: "kernel-text-offset",
  *check(system) {
    for (const domain of system.domains) {
      const offset = guestImage(domain.kernel)?.textOffset ?? 0;
      if (offset >= block || offset % page !== 0)
        yield diagnose(
          "XI4112",
          { file: domain.kernel.file.path, offset: hex(offset) },
          { primary: { path: domainPath(domain, "kernel") } },
        );
    }
  },
};
