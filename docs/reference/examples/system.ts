// #region The system
import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(2) }),
  rollbackIndex: 3,
  hypervisor: { bootargs: "console=dtuart" },
  cpupools: { realtime: { cpus: ["cpu2", "cpu3"], scheduler: "null" } },
  domains: {
    control: { kernel: "zephyr.bin", memory: MiB(64), pool: "realtime", enhanced: true },
    ui: { kernel: "Image", memory: MiB(512), cpus: 2, enhanced: true },
  },
  sharedMemory: { frames: { size: MiB(2), owner: "control", borrowers: ["ui"] } },
  eventChannels: [{ from: "control", to: ["ui", 11] }],
  pv: [{ kind: "net", backend: "control", frontend: "ui" }],
});
// #endregion The system
