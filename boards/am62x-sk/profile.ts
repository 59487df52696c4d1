import type { BoardInput } from "../../compiler/index.ts";
import type { VendorBoardParameters } from "../vendor.ts";
import { treePath } from "../vendor.ts";

const cpus = ["cpu0", "cpu1", "cpu2", "cpu3"] as const;

/** TI's starter kit for the AM62x: an AM625 with four Cortex-A53, GICv3, 2 GiB of RAM. */
export function am62xSk(parameters: VendorBoardParameters): BoardInput<(typeof cpus)[number]> {
  return {
    name: "am62x-sk",
    parameters: {},
    cpus,
    deviceTree: treePath("am62xSk", parameters),
    compatible: ["ti,am625-sk"],
    // U-Boot's kernel_addr_r on this board.
    loadAddress: 0x8200_0000,
  };
}
