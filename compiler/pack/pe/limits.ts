import { GiB, formatSize } from "../../base/units.ts";
import { mostEntries } from "../../codecs/pe/load-plan.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { TargetPlan } from "../../ir/plan.ts";
import { planLength } from "./efi.ts";

/** Offsets in a PE have 32 bits, of which many a tool takes the highest for a sign. */
const largest = GiB(2);

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
