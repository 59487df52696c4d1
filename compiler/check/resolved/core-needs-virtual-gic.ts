import { KiB } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { BoardGic, ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** GICC_DIR is in the second page (Arm IHI 0048B, 4.1.3): the core ends interrupts in two steps, and so may a guest. */
const interfaceSize = KiB(8);
/** Each page repeated throughout 64 KiB. */
const aliasedSize = KiB(128);

/** XI4511: the core gives its guests the virtual CPU interface of a GICv2, and stops where it cannot. */
export const coreNeedsVirtualGic: Rule<ResolvedSystem> = {
  name: "core-needs-virtual-gic",
  *check({ target, board }) {
    const flaw = flawOf(board.gic);
    if (target.hypervisor === "core" && flaw !== undefined)
      yield diagnose("XI4511", { flaw }, { primary: { path: ["board", "deviceTree"] } });
  },
};

function flawOf(gic: BoardGic): string | undefined {
  if (gic.version === 3) return undefined;
  const { cpuInterface: cpu, virtualInterface: virtual } = gic;
  if (virtual === undefined) return "it has no virtual CPU interface";
  if (Math.min(cpu.size, virtual.size) < interfaceSize) return "a CPU interface has less than 8 KiB";
  if (virtual.start % KiB(4) !== 0) return "its virtual CPU interface begins within a page";
  const aliased = [cpu, virtual].filter(({ size }) => size === aliasedSize).length;
  return aliased === 1 ? "one CPU interface has aliases, 128 KiB, and the other has not" : undefined;
}
