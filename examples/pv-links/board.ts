/**
 * Two Linux systems without a dom0: `io` gives `app` a network interface and a disk.
 *
 * Put beside this file what both boot: `Image`, a kernel with Xen's drivers, as any distribution's, and `rootfs.cpio.gz`
 * with its modules. What to do in the two systems is said at each link below.
 */
import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

const linux = {
  kernel: "Image",
  ramdisk: "rootfs.cpio.gz",
  bootargs: "console=ttyAMA0",
  memory: MiB(256),
  // XenStore, event channels and grants, without which the drivers find no link.
  enhanced: true,
} as const;

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }),
  domains: { io: linux, app: linux },
  pv: [
    // io:  modprobe xen-netback;  ip address add 10.9.0.1/24 dev vif2.0; ip link set vif2.0 up
    // app: modprobe xen-netfront; ip address add 10.9.0.2/24 dev eth0;   ip link set eth0 up; ping 10.9.0.1
    { kind: "net", backend: "io", frontend: "app" },
    // io:  truncate -s 64M /disk; losetup /dev/loop0 /disk; mke2fs /dev/loop0; modprobe xen-blkback
    // app: modprobe xen-blkfront; mount /dev/xvda /mnt
    { kind: "block", backend: "io", frontend: "app", device: "7:0" },
  ],
});
