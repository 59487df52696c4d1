/** What `xenimg boards` lists: one entry per profile of this folder. */
export interface ProfileSummary {
  readonly name: string;
  /** The function's name in "xenimg/boards". */
  readonly use: string;
  readonly describes: string;
  readonly emulator: boolean;
}

export const profiles: readonly ProfileSummary[] = [
  {
    name: "qemu-virt",
    use: "qemuVirt({ gic: 3, cpus: 1 to 8, memory, cpu? })",
    describes: "QEMU's virt machine, Armv8-A with EL2 and GICv2 or GICv3",
    emulator: true,
  },
  {
    name: "xlnx-versal-virt",
    use: "xlnxVersalVirt({ memory })",
    describes: "QEMU's xlnx-versal-virt machine (AMD Versal), two Cortex-A72, GICv3",
    emulator: true,
  },
  {
    name: "xlnx-zcu102",
    use: "xlnxZcu102({ deviceTree })",
    describes: "AMD ZCU102 (Zynq UltraScale+), four Cortex-A53, GIC-400; with the vendor's device tree",
    emulator: true,
  },
];
