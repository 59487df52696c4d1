/**
 * Two isolated systems on one board: a controller with memory and CPUs of its own, and a user interface.
 * `npm run demo` boots it with small guests of this repository; put your own kernels in their place.
 */
import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

const guest = "../../fixtures/guests/build/hello.bin";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(1) }),
  cpupools: { general: { cpus: ["cpu0", "cpu1"] }, realtime: { cpus: ["cpu2", "cpu3"], scheduler: "null" } },
  domains: {
    control: {
      kernel: guest,
      bootargs: "name=control",
      cpus: 1,
      pool: "realtime",
      memory: [{ at: 0x7000_0000, size: MiB(64) }],
    },
    ui: { kernel: guest, bootargs: "name=ui", cpus: 2, pool: "general", memory: MiB(128) },
  },
});
