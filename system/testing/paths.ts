import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** A bare-metal guest of this repository, as `make -C fixtures/guests` leaves it. */
export const guest = (
  name:
    | "hello"
    | "load"
    | "probe"
    | "hostile"
    | "messages"
    | "bench"
    | "clock"
    | "stays"
    | "storm"
    | "sleeper"
    | "grants"
    | "digest"
    | "calls"
    | "store"
    | "link"
    | "intruder"
    | "flood"
    | "pretender",
): string => join(root, "fixtures", "guests", "build", `${name}.bin`);

/** The core without device tree or modules. */
export const core = join(root, "hypervisor", "build", "core.img");
/** The core with devices between domains. */
export const corePv = join(root, "hypervisor", "build", "core-pv.img");

/** Device trees that come with Debian's kernel, by their vendors' names. */
type VendorTree = "zynqmp-zcu102" | "bcm2711-rpi-4-b" | "imx8mp-evk" | "r8a774a1-hihope-rzg2m" | "k3-am625-sk";

/** Debian's kernel modules for a virtio disk and network card and an ext4 file system, in an order in which they load. */
export const drivers = [
  "virtio_mmio",
  "virtio_blk",
  "failover",
  "net_failover",
  "virtio_net",
  "crc16",
  "mbcache",
  "jbd2",
  "crc32c_generic",
  "ext4",
] as const;
/** Debian's kernel modules for devices that domains offer to each other, both ends. */
export const pvDrivers = ["xen-netback", "xen-netfront", "xen-blkback", "xen-blkfront"] as const;
/** Of dom0's kernel, what Xen's toolstack uses. */
export const toolstackDrivers = ["xen-evtchn", "xen-privcmd", "xen-gntdev", "xenfs"] as const;
export type Driver = (typeof drivers | typeof pvDrivers | typeof toolstackDrivers)[number] | "brd";

/** Debian's `xenstore`, a program of many names, with what it is linked with. */
export const storeTool = ["xenstore", "libxenstore", "libxentoolcore", "dynamic-linker", "libc"] as const;

/** Debian's toolstack of Xen 4.17: programs, and the libraries that `storeTool` has not. */
export const toolstackFiles = {
  programs: ["xl", "xenstored", "xen-init-dom0", "init-dom0less"],
  libraries: [
    "libxenctrl",
    "libxenguest",
    "libxenlight",
    "libxlutil",
    "libxencall",
    "libxendevicemodel",
    "libxenevtchn",
    "libxenforeignmemory",
    "libxengnttab",
    "libxenhypfs",
    "libxentoollog",
    "libyajl",
    "libfdt",
    "libuuid",
    "libz",
    "libgcc_s",
  ],
} as const;
type ToolstackFile = (typeof toolstackFiles)["programs" | "libraries"][number];

/** A file of Debian's arm64 packages; `node scripts/setup.mjs` fetches them. */
export function debian(
  what:
    "kernel" | "vendor-trees" | "busybox" | "xen" | (typeof storeTool)[number] | ToolstackFile | Driver | VendorTree,
): string {
  const folder = join(root, ".cache", "debian");
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Record<string, { path: string }>;
  const entry = manifest[what];
  if (entry === undefined) throw new Error(`.cache/debian/manifest.json has no ${what}: run node scripts/setup.mjs`);
  return join(folder, entry.path);
}

/** An upstream Xen 4.22 with all that Debian's 4.17 leaves out, where somebody has built one (system/README.md). */
export const fullXen = process.env["XENIMG_XEN_FULL"];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of the test file's own, gone when its tests are over. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `xenimg-${name}-`));
  folders.push(folder);
  return folder;
}
