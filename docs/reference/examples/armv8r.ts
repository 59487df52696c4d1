// xenimg check --target xen@4.22
import { MiB, defineSystem } from "xenimg";

export default defineSystem({
  board: { name: "armv8r", parameters: {}, cpus: ["cpu0", "cpu1"], deviceTree: "armv8r.dtb", loadAddress: 0x4800_0000 },
  // #region domains
  domains: { ui: { kernel: "Image", memory: MiB(64), v8rMsa: "mmu" } },
  // #endregion domains
});
