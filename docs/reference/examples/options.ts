// xenimg check --target xen@4.21
import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(2) }),
  // #region hypervisor
  hypervisor: { bootargs: "console=dtuart llc-coloring=on flask=enforcing", xsmPolicy: "xenpolicy" },
  // #endregion hypervisor
  // #region domains
  domains: {
    store: { kernel: "Image", memory: MiB(256), enhanced: "no-xenstore", capabilities: ["control", "xenstore"] },
    ui: {
      kernel: "Image",
      memory: MiB(512),
      enhanced: true,
      nrSpis: 64,
      p2mMemory: MiB(8),
      // #region grants
      grants: { version: 1, frames: 32, maptrackFrames: 0 },
      // #endregion grants
      sve: 256,
      llcColors: "0-3,8",
      trapUnmappedAccesses: false,
      passthroughPolicy: "enabled",
      sci: "scmi_smc",
    },
  },
  // #endregion domains
});
