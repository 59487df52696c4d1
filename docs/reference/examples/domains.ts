import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(4) }),
  cpupools: {
    shared: { cpus: ["cpu1", "cpu2"], scheduler: "credit2" },
    realtime: { cpus: ["cpu3"], scheduler: "rtds" },
  },
  // #region domains
  domains: {
    ui: {
      kernel: "Image",
      ramdisk: "rootfs.cpio.gz",
      bootargs: "console=ttyAMA0",
      cpus: 2,
      memory: MiB(512), // the hypervisor finds a place
      pool: "shared",
      weight: 512,
      cap: 150,
      vcpus: [{ affinity: ["cpu1"] }, { affinity: ["cpu2"] }],
      onWatchdog: "restart",
    },
    control: {
      kernel: "zephyr.bin",
      memory: [{ at: 0x9000_0000, size: MiB(64) }],
      directMap: true,
      console: "none",
      enhanced: "no-xenstore",
      passthrough: ["pl031@9010000"],
      pool: "realtime",
      rtds: { budget: 4000, period: 10_000 },
      onPoweroff: "destroy",
      onReboot: "restart",
      onCrash: "preserve",
    },
  },
  // #endregion domains
});
