import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4515: the core passes over a console that it does not drive, and takes the first UART that it does. */
export const corePrintsElsewhere: Rule<ResolvedSystem> = {
  name: "core-prints-elsewhere",
  *check({ target, board, hypervisor }) {
    const [uart] = board.uarts;
    const { stdout } = board;
    if (target.hypervisor !== "core" || uart === undefined || stdout === undefined) return;
    if (board.uarts.includes(stdout) || /(^| )dtuart=/.test(hypervisor.bootargs)) return;
    yield diagnose("XI4515", { console: stdout, uart }, { primary: { path: ["board", "deviceTree"] } });
  },
};
