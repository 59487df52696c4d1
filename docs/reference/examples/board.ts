import { GiB, MiB, defineSystem } from "xenimg";

export default defineSystem({
  // #region board
  board: {
    name: "our-board",
    parameters: { revision: "b" },
    cpus: ["cpu0", "cpu1"],
    devices: ["pl031", "pl061"],
    deviceTree: "vendor.dtb",
    compatible: ["linux,dummy-virt"],
    // #region firmware
    firmware: {
      memory: [{ at: 0x4000_0000, size: GiB(1) }],
      reserved: [{ at: 0x7f00_0000, size: MiB(16) }],
      psci: "smc",
    },
    // #endregion firmware
    loadAddress: 0x4800_0000,
    signatures: ["rsa-pkcs1", "rsa-pss"],
    uefiHolds: [{ at: 0x4400_0000, size: MiB(64) }],
    // #region emulator
    emulator: {
      program: "qemu-system-aarch64",
      args: ["-machine", "virt,virtualization=on,gic-version=3", "-cpu", "cortex-a57", "-smp", "2", "-m", "1G"],
      kernelAddress: 0x4020_0000,
    },
    // #endregion emulator
  },
  // #endregion board
  domains: { ui: { kernel: "Image", memory: MiB(64), passthrough: ["pl031"] } },
});
