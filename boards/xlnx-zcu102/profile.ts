import type { BoardInput } from "../../compiler/index.ts";
import type { VendorBoardParameters } from "../vendor.ts";
import { treePath } from "../vendor.ts";

const cpus = ["cpu0", "cpu1", "cpu2", "cpu3"] as const;

/** AMD's ZCU102 board: Zynq UltraScale+, four Cortex-A53, GIC-400, 4 GiB of RAM. QEMU has it, too. */
export function xlnxZcu102(parameters: VendorBoardParameters): BoardInput<(typeof cpus)[number]> {
  return {
    name: "xlnx-zcu102",
    parameters: {},
    cpus,
    deviceTree: treePath("xlnxZcu102", parameters),
    compatible: ["xlnx,zynqmp-zcu102"],
    // U-Boot's kernel_addr_r on this board.
    loadAddress: 0x1800_0000,
    emulator: {
      program: "qemu-system-aarch64",
      args: [
        // Two more CPUs than four would be the Cortex-R5s. The RAM is what the vendor's tree says.
        ...["-machine", "xlnx-zcu102,virtualization=on", "-smp", "4", "-m", "4096M"],
        // No devices but the board's own; the console without QEMU's own Ctrl-A keys; no sound from its display.
        ...["-net", "none", "-display", "none", "-monitor", "none", "-audiodev", "none,id=none", "-serial", "stdio"],
      ],
      // Start of RAM plus text_offset 2 MiB; with 4 GiB QEMU takes a `-kernel` only beside a `-dtb`.
      kernelAddress: 0x20_0000,
    },
  };
}
