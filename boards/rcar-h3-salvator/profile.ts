import type { BoardInput } from "../../compiler/index.ts";
import type { VendorBoardParameters } from "../vendor.ts";
import { treePath } from "../vendor.ts";

/** Four Cortex-A57, then four Cortex-A53. */
const cpus = ["cpu0", "cpu1", "cpu2", "cpu3", "cpu4", "cpu5", "cpu6", "cpu7"] as const;

/** Renesas' Salvator-X and Salvator-XS boards with an R-Car H3: four Cortex-A57, four Cortex-A53, GIC-400. */
export function rcarH3Salvator(parameters: VendorBoardParameters): BoardInput<(typeof cpus)[number]> {
  return {
    name: "rcar-h3-salvator",
    parameters: {},
    cpus,
    deviceTree: treePath("rcarH3Salvator", parameters),
    // Binding renesas.yaml: the boards have these names with other SoCs, too.
    compatible: ["renesas,r8a7795"],
    // RAM begins at 0x48000000; U-Boot is told to load here.
    loadAddress: 0x4820_0000,
  };
}
