import { MiB, formatSize } from "../../base/units.ts";
import { mostImages } from "../../codecs/fit/signed.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { TargetPlan } from "../../ir/plan.ts";

/** What U-Boot reads as a FIT whose files are inside of the device tree. */
const largest = MiB(256);

/** What a FIT has no room for in the eyes of U-Boot 2023.01, as it was seen to refuse. */
export function fitLimits({ files }: TargetPlan, systemTree: Uint8Array, isExternal = false): readonly Diagnostic[] {
  const sizes = files.map(({ content }) => (content.kind === "bytes" ? content.bytes : systemTree).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const primary = { path: ["domains"], at: "key" } as const;
  return [
    ...(files.length > mostImages ? [diagnose("XI6001", { count: files.length, most: mostImages }, { primary })] : []),
    // The rest of the FIT is a few hundred bytes an image.
    ...(!isExternal && total + files.length * 1024 > largest
      ? [diagnose("XI6002", { size: formatSize(total), most: formatSize(largest) }, { primary })]
      : []),
  ];
}
