import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { thisMachine } from "./machine.mjs";
import { OutsideError, root, run } from "./shell.mjs";

/**
 * Debian's arm64 packages that the system tests boot. They come through an apt of our own inside .cache/apt, so that
 * the machine's package architectures and sources stay as they are, and lie unpacked in .cache/debian.
 */
const cache = join(root, ".cache");
const aptRoot = join(cache, "apt");
const unpacked = join(cache, "debian");
const manifest = join(unpacked, "manifest.json");
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** @param {string} path */
const module = (path) => `./lib/modules/*/kernel/${path}.ko`;

/** @param {string} name */
const library = (name) => `./usr/lib/aarch64-linux-gnu/${name}`;
/** @param {string} name */
const tool = (name) => `./usr/lib/xen-4.17/bin/${name}`;

/**
 * What the tests ask for by name, and the files of each package that they use, as patterns with one "*" at most: most of the
 * kernel's modules are never loaded. The kernel comes with the device trees of its boards' vendors; a "*" stands for folders, too.
 * @type {readonly { package: string, files: Readonly<Record<string, string>> }[]}
 */
const wanted = [
  {
    package: "linux-image-arm64",
    files: {
      kernel: "./boot/vmlinuz-*-arm64",
      "zynqmp-zcu102": "./usr/lib/linux-image-*/xilinx/zynqmp-zcu102-rev1.0.dtb",
      "bcm2711-rpi-4-b": "./usr/lib/linux-image-*/broadcom/bcm2711-rpi-4-b.dtb",
      "imx8mp-evk": "./usr/lib/linux-image-*/freescale/imx8mp-evk.dtb",
      "r8a774a1-hihope-rzg2m": "./usr/lib/linux-image-*/renesas/r8a774a1-hihope-rzg2m.dtb",
      "k3-am625-sk": "./usr/lib/linux-image-*/ti/k3-am625-sk.dtb",
      // What drives a virtio disk and network card, and a file system.
      virtio_mmio: module("drivers/virtio/virtio_mmio"),
      virtio_blk: module("drivers/block/virtio_blk"),
      failover: module("net/core/failover"),
      net_failover: module("drivers/net/net_failover"),
      virtio_net: module("drivers/net/virtio_net"),
      crc16: module("lib/crc16"),
      mbcache: module("fs/mbcache"),
      jbd2: module("fs/jbd2/jbd2"),
      crc32c_generic: module("crypto/crc32c_generic"),
      ext4: module("fs/ext4/ext4"),
      // Both ends of network cards and disks between domains.
      "xen-netback": module("drivers/net/xen-netback/xen-netback"),
      "xen-netfront": module("drivers/net/xen-netfront"),
      "xen-blkback": module("drivers/block/xen-blkback/xen-blkback"),
      "xen-blkfront": module("drivers/block/xen-blkfront"),
      // A disk in memory, and what Xen's toolstack has of the kernel.
      brd: module("drivers/block/brd"),
      "xen-evtchn": module("drivers/xen/xen-evtchn"),
      "xen-privcmd": module("drivers/xen/xen-privcmd"),
      "xen-gntdev": module("drivers/xen/xen-gntdev"),
      xenfs: module("drivers/xen/xenfs/xenfs"),
      // The rest of the trees. At the end, for tar counts a file for the first pattern that it matches.
      "vendor-trees": "./usr/lib/linux-image-*.dtb",
    },
  },
  { package: "busybox-static", files: { busybox: "./bin/busybox" } },
  { package: "xen-hypervisor-4.17-arm64", files: { xen: "./boot/xen-4.17-arm64" } },
  // One program under many names, xenstore-ls among them, and the libraries that it is linked with.
  { package: "xenstore-utils", files: { xenstore: "./usr/bin/xenstore" } },
  { package: "libxenstore4", files: { libxenstore: library("libxenstore.so.4.0") } },
  { package: "libxentoolcore1", files: { libxentoolcore: library("libxentoolcore.so.1.0") } },
  {
    package: "libc6",
    files: {
      "dynamic-linker": "./lib/aarch64-linux-gnu/ld-linux-aarch64.so.1",
      libc: "./lib/aarch64-linux-gnu/libc.so.6",
    },
  },
  // Xen's toolstack, and the rest of the libraries that it is linked with.
  {
    package: "xen-utils-4.17",
    files: {
      xl: tool("xl"),
      xenstored: tool("xenstored"),
      "xen-init-dom0": tool("xen-init-dom0"),
      "init-dom0less": tool("init-dom0less"),
    },
  },
  {
    package: "libxenmisc4.17",
    files: {
      libxenctrl: library("libxenctrl.so.4.17.0"),
      libxenguest: library("libxenguest.so.4.17.0"),
      libxenlight: library("libxenlight.so.4.17.0"),
      libxlutil: library("libxlutil.so.4.17.0"),
    },
  },
  { package: "libxencall1", files: { libxencall: library("libxencall.so.1.3") } },
  { package: "libxendevicemodel1", files: { libxendevicemodel: library("libxendevicemodel.so.1.4") } },
  { package: "libxenevtchn1", files: { libxenevtchn: library("libxenevtchn.so.1.2") } },
  { package: "libxenforeignmemory1", files: { libxenforeignmemory: library("libxenforeignmemory.so.1.4") } },
  { package: "libxengnttab1", files: { libxengnttab: library("libxengnttab.so.1.2") } },
  { package: "libxenhypfs1", files: { libxenhypfs: library("libxenhypfs.so.1.0") } },
  { package: "libxentoollog1", files: { libxentoollog: library("libxentoollog.so.1.0") } },
  { package: "libyajl2", files: { libyajl: library("libyajl.so.2.1.0") } },
  { package: "libfdt1", files: { libfdt: library("libfdt-1.6.1.so") } },
  { package: "libuuid1", files: { libuuid: library("libuuid.so.1.3.0") } },
  { package: "zlib1g", files: { libz: "./lib/aarch64-linux-gnu/libz.so.1.2.13" } },
  // xl takes it where a thread of its own ends, and stops without it.
  { package: "libgcc-s1", files: { libgcc_s: "./lib/aarch64-linux-gnu/libgcc_s.so.1" } },
];

/** Fetches and unpacks the packages, unless a complete earlier fetch is there. */
export async function ensureDebianPackages() {
  if (isComplete()) return;
  console.log("set-up: Debian's arm64 kernel with its device trees, BusyBox and Xen");
  prepareApt();
  await apt("apt-get", ["update", "-o", "APT::Update::Error-Mode=any"]);
  rmSync(unpacked, { recursive: true, force: true });
  const partial = mkdtempSync(join(cache, "debian-"));
  /** @type {Record<string, { package: string, path: string }>} */
  const entries = {};
  for (const want of wanted) Object.assign(entries, await fetchPackage(want, partial));
  writeFileSync(join(partial, "manifest.json"), `${JSON.stringify(entries, undefined, 2)}\n`);
  renameSync(partial, unpacked);
}

function isComplete() {
  try {
    const entries = /** @type {Record<string, { path: string }>} */ (JSON.parse(readFileSync(manifest, "utf8")));
    return wanted
      .flatMap(({ files }) => Object.keys(files))
      .every((key) => existsSync(join(unpacked, entries[key]?.path ?? "missing")));
  } catch {
    return false;
  }
}

function prepareApt() {
  for (const folder of ["state/lists/partial", "cache/archives/partial", "parts"]) {
    mkdirSync(join(aptRoot, folder), { recursive: true });
  }
  writeFileSync(join(aptRoot, "status"), "");
  const lines = ["debian bookworm", "debian-security bookworm-security"].map((suite) => {
    const [path, name] = suite.split(" ");
    return `deb [signed-by=${keyring}] http://deb.debian.org/${path} ${name} main\n`;
  });
  writeFileSync(join(aptRoot, "sources.list"), lines.join(""));
}

/** @param {string} program @param {readonly string[]} args */
async function apt(program, args) {
  /** @type {Record<string, string>} */
  const settings = {
    "Dir::State": join(aptRoot, "state"),
    "Dir::State::status": join(aptRoot, "status"),
    "Dir::Cache": join(aptRoot, "cache"),
    "APT::Architecture": "arm64",
    "APT::Architectures": "arm64",
    "Acquire::Retries": "3",
  };
  // As root, apt would otherwise fetch as a user who may not be able to enter the clone's folder.
  if (process.getuid?.() === 0) settings["APT::Sandbox::User"] = "root";
  const { id, version } = thisMachine();
  if (id !== "debian" || version !== "12") {
    settings["Dir::Etc::sourcelist"] = join(aptRoot, "sources.list");
    settings["Dir::Etc::sourceparts"] = join(aptRoot, "parts");
  }
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const { code, output } = await run(program, ["-q", ...options, ...args], {
    quiet: true,
    cwd: join(aptRoot, "cache"),
  });
  if (code !== 0) {
    throw new OutsideError(
      `${output.trim()}\nthe tests' Linux guests are Debian's: the set-up needs the network to reach deb.debian.org`,
    );
  }
  return output;
}

/**
 * The manifest's entries of one package, whose files then lie below `into`.
 * @param {(typeof wanted)[number]} want
 * @param {string} into
 */
async function fetchPackage(want, into) {
  const name = await currentName(want.package);
  const archives = join(aptRoot, "cache");
  for (const old of readdirSync(archives)) if (old.endsWith(".deb")) rmSync(join(archives, old));
  await apt("apt-get", ["download", name]);
  const deb = readdirSync(archives).find((file) => file.endsWith(".deb"));
  if (deb === undefined) throw new OutsideError(`apt-get download ${name} gave no package`);
  const found = await unpack(join(archives, deb), Object.values(want.files), into);
  const version = deb.replace(/\.deb$/, "").replaceAll("%3a", ":");
  return Object.fromEntries(
    Object.entries(want.files).map(([key, pattern]) => {
      const [start = "", end = ""] = pattern.split("*");
      const path = found.find((file) => file.startsWith(start) && file.endsWith(end));
      if (path === undefined) throw new OutsideError(`Debian's package ${name} holds no ${pattern}`);
      return [key, { package: version, path: path.slice("./".length) }];
    }),
  );
}

/**
 * linux-image-arm64 is an empty package that depends on the current kernel's.
 * @param {string} name
 */
async function currentName(name) {
  const depends = await apt("apt-cache", ["depends", name]);
  return /Depends: (linux-image-\S+)/.exec(depends)?.[1] ?? name;
}

/**
 * Unpacks the files that the patterns match; which ones those were, in tar's spelling.
 * @param {string} deb @param {readonly string[]} patterns @param {string} into
 */
async function unpack(deb, patterns, into) {
  const { code, output } = await run(
    "sh",
    [
      "-c",
      'into=$1; shift; dpkg-deb --fsys-tarfile "$0" | tar -x -v -C "$into" --wildcards "$@"',
      deb,
      into,
      ...patterns,
    ],
    { quiet: true },
  );
  if (code !== 0) throw new OutsideError(`${output.trim()}\nunpacking ${deb} failed`);
  return output.split("\n");
}
