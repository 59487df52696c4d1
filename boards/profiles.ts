import { qemuVirt } from "./qemu-virt/profile.ts";
import { xlnxVersalVirt } from "./xlnx-versal-virt/profile.ts";

/** What `xenimg boards` lists: one entry per profile of this folder. */
export interface ProfileSummary {
  readonly name: string;
  /** The function's name in "xenimg/boards". */
  readonly use: string;
  readonly describes: string;
  readonly emulator: boolean;
  /** Of an emulated machine as it usually is; absent where it is the vendor's. */
  readonly deviceTree?: () => Uint8Array;
}

export const profiles: readonly ProfileSummary[] = [
  {
    name: "am62x-sk",
    use: "am62xSk({ deviceTree })",
    describes: "TI AM62x starter kit, four Cortex-A53, GICv3; with the vendor's device tree, not booted yet",
    emulator: false,
  },
  {
    name: "imx8mp-evk",
    use: "imx8mpEvk({ deviceTree })",
    describes: "NXP i.MX 8M Plus EVK, four Cortex-A53, GICv3; with the vendor's device tree, not booted yet",
    emulator: false,
  },
  {
    name: "qemu-virt",
    use: "qemuVirt({ gic: 3, cpus: 1 to 8, memory, cpu? })",
    describes: "QEMU's virt machine, Armv8-A with EL2 and GICv2 or GICv3",
    emulator: true,
    deviceTree: () => qemuVirt({ gic: 3, cpus: 1, memory: "1GiB" }).deviceTree,
  },
  {
    name: "raspberrypi-4",
    use: "raspberryPi4({ deviceTree, memory: 1, 2, 4 or 8 })",
    describes: "Raspberry Pi 4, four Cortex-A72, GIC-400; with the vendor's device tree, not booted yet",
    emulator: false,
  },
  {
    name: "rcar-h3-salvator",
    use: "rcarH3Salvator({ deviceTree })",
    describes:
      "Renesas Salvator-X(S) with R-Car H3, four Cortex-A57 and -A53, GIC-400; with the vendor's device tree, not booted yet",
    emulator: false,
  },
  {
    name: "xlnx-versal-virt",
    use: "xlnxVersalVirt({ memory })",
    describes: "QEMU's xlnx-versal-virt machine (AMD Versal), two Cortex-A72, GICv3",
    emulator: true,
    deviceTree: () => xlnxVersalVirt({ memory: "2GiB" }).deviceTree,
  },
  {
    name: "xlnx-zcu102",
    use: "xlnxZcu102({ deviceTree })",
    describes: "AMD ZCU102 (Zynq UltraScale+), four Cortex-A53, GIC-400; with the vendor's device tree",
    emulator: true,
  },
];
