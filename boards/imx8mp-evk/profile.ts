import type { BoardInput } from "../../compiler/index.ts";
import type { VendorBoardParameters } from "../vendor.ts";
import { treePath } from "../vendor.ts";

const cpus = ["cpu0", "cpu1", "cpu2", "cpu3"] as const;

/** NXP's i.MX 8M Plus evaluation kit: four Cortex-A53, GICv3, 6 GiB of RAM. */
export function imx8mpEvk(parameters: VendorBoardParameters): BoardInput<(typeof cpus)[number]> {
  return {
    name: "imx8mp-evk",
    parameters: {},
    cpus,
    deviceTree: treePath("imx8mpEvk", parameters),
    compatible: ["fsl,imx8mp-evk"],
    // RAM begins at 0x40000000; U-Boot itself is told to load here.
    loadAddress: 0x4200_0000,
  };
}
