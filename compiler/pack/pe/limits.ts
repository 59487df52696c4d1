import { formatRange, overlapOf } from "../../base/ranges.ts";
import { GiB, formatSize, physAddr } from "../../base/units.ts";
import { mostEntries } from "../../codecs/pe/load-plan.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { TargetPlan } from "../../ir/plan.ts";
import { planLength } from "./efi.ts";

/** Offsets in a PE have 32 bits, of which many a tool takes the highest for a sign. */
const largest = GiB(2);

/** XI6204: files that go where this board's firmware is known to be itself. Another release of it may be elsewhere. */
export function heldByFirmware({ files, placed }: TargetPlan, systemTree: Uint8Array): readonly Diagnostic[] {
  const { uefiHolds = [], name: board } = placed.resolved.board.profile;
  return files.flatMap(({ at, owner, content }) => {
    const length = (content.kind === "bytes" ? content.bytes : systemTree).length;
    const range = { start: at, size: owner === "hypervisor" ? placed.hypervisor.size : length };
    const held = uefiHolds.find(({ at: start, size }) => overlapOf(range, { start: physAddr(start), size }));
    if (held === undefined) return [];
    const firmware = formatRange({ start: held.at, size: held.size });
    const params = { what: owner, at: formatRange(range), board, firmware };
    return [diagnose("XI6204", params, { primary: { path: ["board", "loadAddress"] } })];
  });
}

/** What image.efi has no room for. */
export function efiLimits(plan: TargetPlan, systemTree: Uint8Array): readonly Diagnostic[] {
  const sizes = plan.files.map(({ content }) => (content.kind === "bytes" ? content.bytes : systemTree).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const count = planLength(plan);
  const primary = { path: ["domains"], at: "key" } as const;
  return [
    ...(count > mostEntries ? [diagnose("XI6202", { count, most: mostEntries }, { primary })] : []),
    // Headers, stub and plan are a few pages, and each section is filled up to a page.
    ...(total + (count + 64) * 4096 > largest
      ? [diagnose("XI6203", { size: formatSize(total), most: formatSize(largest) }, { primary })]
      : []),
  ];
}
