import { contains, formatRange, joined, overlapOf } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import { loaderIn } from "../../ir/loader.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import type { Rule } from "../rule.ts";

/** XI4520: U-Boot moves to the top of RAM, and loads over itself without a word. */
export const imageOverLoader: Rule<PlacedSystem> = {
  name: "image-over-loader",
  *check({ image, resolved: { board } }) {
    const ram = joined(board.ram).find((bank) => contains(bank, image));
    if (ram === undefined) return;
    const loader = loaderIn(ram);
    if (loader === undefined || overlapOf(loader, image) === undefined) return;
    const params = { image: formatRange(image), loader: formatRange(loader) };
    yield diagnose("XI4520", params, { primary: { path: ["board", "loadAddress"] } });
  },
};
