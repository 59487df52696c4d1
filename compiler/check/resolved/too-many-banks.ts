import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath, fixedClaims, modulesOf, ownModules, placedByHand } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4305: one domain, or the whole system, has more banks than the hypervisor's tables hold (rows A5, A6, D7). */
export const tooManyBanks: Rule<ResolvedSystem> = {
  name: "too-many-banks",
  *check(system) {
    if (system.board.ram.length > limits.banks)
      yield diagnose(
        "XI4305",
        { what: "the board's RAM", count: system.board.ram.length, limit: limits.banks },
        { primary: { path: ["board", "deviceTree"] } },
      );
    for (const domain of system.domains) {
      const count = domain.memory.kind === "static" ? domain.memory.banks.length : 0;
      if (count > limits.banks)
        yield diagnose(
          "XI4305",
          { what: `domain "${domain.name}"`, count, limit: limits.banks },
          { primary: { path: domainPath(domain, "memory", limits.banks) } },
        );
    }
    const total = fixedClaims(system).length;
    const first = placedByHand(system)[limits.banks - system.board.reserved.length];
    if (total > limits.banks)
      yield diagnose(
        "XI4305",
        { what: "the system (static banks, static heap and reserved memory)", count: total, limit: limits.banks },
        { primary: { path: first?.path ?? ["board", "deviceTree"] } },
      );
    const shared = system.board.reserved.length + ownModules + modulesOf(system).length;
    if (has(system.target, "modulesAmongReserved") && shared > limits.reservedAndModules && total <= limits.banks)
      yield diagnose(
        "XI4305",
        {
          what: "the board's reserved memory, with the boot modules,",
          count: shared,
          limit: limits.reservedAndModules,
        },
        { primary: { path: ["board", "deviceTree"] } },
      );
  },
};
