import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(2) }),
  domains: {
    driver: { kernel: "Image", memory: MiB(256), enhanced: true },
    ui: { kernel: "Image", memory: MiB(256), enhanced: true },
  },
  pv: [
    // #region net
    { kind: "net", backend: "driver", frontend: "ui", mac: "00:16:3e:00:00:01", bridge: "br0" },
    // #endregion net
    // #region block
    { kind: "block", backend: "driver", frontend: "ui", device: "254:2", name: "xvda", mode: "w" },
    // #endregion block
    // #region console
    { kind: "console", backend: "driver", frontend: "ui" },
    // #endregion console
    // #region 9pfs
    { kind: "9pfs", backend: "driver", frontend: "ui", path: "/srv/shared", tag: "shared" },
    // #endregion 9pfs
  ],
});
