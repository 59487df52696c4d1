import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(2) }),
  // #region cpupools
  cpupools: {
    realtime: { cpus: ["cpu1", "cpu2"], scheduler: "rtds" },
    table: {
      cpus: ["cpu3"],
      scheduler: "arinc653",
      // #region schedule
      schedule: {
        majorFrame: 10_000,
        windows: [
          // #region window
          { domain: "control", vcpu: 0, duration: 4000 },
          { duration: 500 }, // the CPU idles
          { domain: "logger", duration: 2500 },
          // #endregion window
        ],
      },
      // #endregion schedule
    },
  },
  // #endregion cpupools
  domains: {
    control: { kernel: "zephyr.bin", memory: MiB(16), pool: "table" },
    logger: { kernel: "zephyr.bin", memory: MiB(16), pool: "table" },
    motor: {
      kernel: "zephyr.bin",
      memory: MiB(32),
      cpus: 2,
      pool: "realtime",
      // #region rtds
      rtds: { budget: 2000, period: 8000 },
      // #endregion rtds
      // #region vcpus
      vcpus: [
        { affinity: ["cpu1"], rtds: { budget: 4000 } }, // vCPU 0
        { affinity: ["cpu2"] }, // vCPU 1: as the domain
      ],
      // #endregion vcpus
    },
  },
});
