import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(2) }),
  // #region hypervisor
  hypervisor: {
    bootargs: "console=dtuart sched=credit2",
    heap: [
      // #region region
      { at: 0x6000_0000, size: MiB(256) },
      { at: "0x8000_0000", size: "0.5GiB" },
      // #endregion region
    ],
  },
  // #endregion hypervisor
  domains: { ui: { kernel: "Image", memory: [{ at: 0x5000_0000, size: MiB(64) }] } },
});
