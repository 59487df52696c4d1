import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** Arm Base System Architecture (DEN 0094): the private interrupts of a CPU's own devices, INTID less 16. */
const wired = {
  maintenance: { what: "GIC's maintenance", expected: 9 },
  hypervisorTimer: { what: "hypervisor timer's", expected: 10 },
  virtualTimer: { what: "virtual timer's", expected: 11 },
} as const;

/** XI4514: the core knows these interrupts by their usual numbers, whatever the tree says. */
export const coreNeedsPpis: Rule<ResolvedSystem> = {
  name: "core-needs-ppis",
  *check({ target, board }) {
    if (target.hypervisor !== "core") return;
    for (const name of ["maintenance", "hypervisorTimer", "virtualTimer"] as const) {
      const number = board.ppis[name];
      if (number !== undefined && number !== wired[name].expected)
        yield diagnose("XI4514", { ...wired[name], number }, { primary: { path: ["board", "deviceTree"] } });
    }
  },
};
