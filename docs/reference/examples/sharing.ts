import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(2) }),
  domains: {
    control: { kernel: "zephyr.bin", memory: MiB(16), enhanced: "no-xenstore" },
    ui: { kernel: "Image", memory: MiB(256), enhanced: "no-xenstore" },
  },
  // #region sharedMemory
  sharedMemory: {
    frames: { size: MiB(2), owner: "control", borrowers: ["ui"] },
    mailbox: { size: 4096, at: 0x7000_0000, guestAt: 0x3400_0000, borrowers: ["control", "ui"] },
    log: { size: 4096, guestAt: { ui: 0x3500_0000 }, owner: "control", borrowers: ["ui"] }, // "control" sees it anywhere
  },
  // #endregion sharedMemory
  // #region eventChannels
  eventChannels: [
    // #region port
    { from: ["control", 10], to: ["ui", 11] },
    { from: "control", to: "ui" }, // any ports that are free
    // #endregion port
  ],
  // #endregion eventChannels
});
