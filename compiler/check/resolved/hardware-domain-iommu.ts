import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { reads } from "../versions.ts";

/** XI4124: whoever has the hardware and is not direct-mapped needs an IOMMU for its devices (row C16). */
export const hardwareDomainIommu: Rule<ResolvedSystem> = {
  name: "hardware-domain-iommu",
  *check({ target, board, domains, hypervisor }) {
    if (!reads(target, "capabilities")) return;
    const off = isTurnedOff(hypervisor.bootargs);
    if (board.iommus.length > 0 && !off) return;
    for (const domain of domains)
      if (domain.capabilities?.includes("hardware") && !domain.directMap)
        yield diagnose(
          "XI4124",
          { domain: domain.name, why: off ? "hypervisor.bootargs turns it off" : "the board's device tree has none" },
          { primary: { path: domainPath(domain, "capabilities") } },
        );
  },
};

/** `iommu` is a list that may have a boolean among its words (xen-command-line.pandoc); the last one counts. */
function isTurnedOff(bootargs: string): boolean {
  const said = bootargs.split(/\s+/).flatMap((word) => {
    if (word === "iommu" || word === "no-iommu") return [word === "iommu"];
    const words = word.startsWith("iommu=") ? word.slice("iommu=".length).split(",") : [];
    return words.flatMap((each) => (yes.includes(each) ? [true] : no.includes(each) ? [false] : []));
  });
  return said.at(-1) === false;
}

const yes = ["1", "yes", "on", "true", "enable"];
const no = ["0", "no", "off", "false", "disable"];
