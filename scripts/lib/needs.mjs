import { existsSync, readdirSync } from "node:fs";
import { capture, which } from "./shell.mjs";

/**
 * A thing that this machine must have. `packages` lists Debian names to try in order; a function is asked when
 * apt's lists are fresh.
 * What is `dispensable` is left out where the archive has none of its packages: its tests are skipped there.
 * @typedef {{
 *   name: string,
 *   purpose: string,
 *   scopes: readonly Scope[],
 *   found: () => boolean,
 *   packages: readonly string[] | (() => readonly string[]),
 *   elsewhere: string,
 *   dispensable?: true,
 * }} Need
 *
 * "demo" is what the demonstration uses, "test" adds what the tests use.
 * @typedef {"demo" | "test"} Scope
 */

/** @type {readonly Scope[]} */
const always = ["demo", "test"];
/** @type {readonly Scope[]} */
const tests = ["test"];

/**
 * A need that is one program in PATH.
 * @param {string} name @param {string} purpose @param {readonly Scope[]} scopes
 * @param {readonly string[]} packages @param {string} elsewhere
 * @returns {Need}
 */
const program = (name, purpose, scopes, packages, elsewhere) => ({
  name,
  purpose,
  scopes,
  found: () => which(name) !== undefined,
  packages,
  elsewhere,
});

/**
 * The same of a program for administrators: their folder is in few people's PATH.
 * @param {string} name @param {string} purpose @param {readonly string[]} packages @param {string} elsewhere
 * @returns {Need}
 */
const administration = (name, purpose, packages, elsewhere) => ({
  ...program(name, purpose, tests, packages, elsewhere),
  found: () => which(name) !== undefined || ["/usr/sbin", "/sbin"].some((folder) => existsSync(`${folder}/${name}`)),
});

/** @type {readonly Need[]} */
export const needs = [
  program("make", "builds the core and the guests", always, ["make"], "make in Fedora, Arch; Xcode tools on macOS"),
  program(
    "aarch64-linux-gnu-gcc",
    "builds the core and the guests",
    always,
    ["gcc-aarch64-linux-gnu", "gcc"],
    "gcc-aarch64-linux-gnu in Fedora, aarch64-linux-gnu-gcc in Arch",
  ),
  program(
    "aarch64-linux-gnu-objcopy",
    "builds the core and the guests",
    always,
    ["binutils-aarch64-linux-gnu", "binutils"],
    "binutils-aarch64-linux-gnu in Fedora, aarch64-linux-gnu-binutils in Arch",
  ),
  program(
    "qemu-system-aarch64",
    "boots the images",
    always,
    ["qemu-system-arm"],
    "qemu-system-aarch64 in Fedora, Arch; qemu in Homebrew",
  ),
  program("gcc", "builds the core's tests for this machine", tests, ["gcc"], "gcc in Fedora, Arch"),
  {
    name: "C library headers",
    purpose: "build the core's tests for this machine",
    scopes: tests,
    found: () => existsSync("/usr/include/stdio.h"),
    packages: ["libc6-dev"],
    elsewhere: "glibc-devel in Fedora, glibc in Arch",
  },
  program("clang", "builds the core a second way, and the fuzzers", tests, ["clang"], "clang in Fedora, Arch"),
  program("ld.lld", "links the clang build", tests, ["lld"], "lld in Fedora, Arch"),
  program("llvm-objcopy", "makes the clang build's image", tests, ["llvm"], "llvm in Fedora, Arch"),
  {
    name: "libFuzzer",
    purpose: "feeds hostile device trees to the core's reader",
    scopes: tests,
    found: hasLibFuzzer,
    packages: () => [`libclang-rt-${clangVersion()}-dev`],
    elsewhere: "compiler-rt in Fedora, Arch",
  },
  program("dtc", "is what dtc-js is compared with", tests, ["device-tree-compiler"], "dtc in Fedora, Arch, Homebrew"),
  program("mkimage", "is what FITs are compared with", tests, ["u-boot-tools"], "uboot-tools in Fedora, Arch"),
  administration("sgdisk", "is what partition tables are held against", ["gdisk"], "gptfdisk in Fedora, Arch"),
  administration("fsck.vfat", "is what FAT volumes are held against", ["dosfstools"], "dosfstools in Fedora, Arch"),
  program("mcopy", "takes files out of FAT volumes", tests, ["mtools"], "mtools in Fedora, Arch, Homebrew"),
  program(
    "openssl",
    "makes the certificate that mkimage wants of a key",
    tests,
    ["openssl"],
    "openssl in Fedora, Arch",
  ),
  program("pkcs11-tool", "speaks to tokens that hold keys", tests, ["opensc"], "opensc in Fedora, Arch, Homebrew"),
  {
    name: "SoftHSM",
    purpose: "is a token without hardware",
    scopes: tests,
    found: () => existsSync("/usr/lib/softhsm/libsofthsm2.so"),
    packages: ["softhsm2"],
    elsewhere: "softhsm in Fedora, Arch",
  },
  {
    name: "U-Boot for QEMU",
    purpose: "boots FITs, and refuses altered ones",
    scopes: tests,
    found: () => existsSync("/usr/lib/u-boot/qemu_arm64/u-boot.bin"),
    packages: ["u-boot-qemu"],
    elsewhere: "https://docs.u-boot.org, the board qemu_arm64",
  },
  {
    name: "EDK2 for QEMU",
    purpose: "boots image.efi",
    scopes: tests,
    found: () => existsSync("/usr/share/AAVMF/AAVMF_CODE.fd"),
    packages: ["qemu-efi-aarch64"],
    elsewhere: "edk2-aarch64 in Fedora, edk2-aarch64 in Arch",
  },
  program("sbverify", "is what signed PEs are compared with", tests, ["sbsigntool"], "sbsigntools in Fedora, Arch"),
  {
    name: "Chromium",
    purpose: "opens the playground of dtc-js",
    scopes: tests,
    found: () => ["chromium-headless-shell", "chromium"].some((name) => which(name) !== undefined),
    packages: ["chromium-headless-shell", "chromium"],
    elsewhere: "chromium in Fedora, Arch; in Ubuntu only as a snap, which the tests do without",
    dispensable: true,
  },
  program("cpio", "packs the Linux guests' root file system", tests, ["cpio"], "cpio in Fedora, Arch"),
  {
    name: "the Debian archive's keys",
    purpose: "prove that the Linux guests' kernel is Debian's",
    scopes: tests,
    found: () => existsSync("/usr/share/keyrings/debian-archive-keyring.gpg"),
    packages: ["debian-archive-keyring"],
    elsewhere: "debian-keyring in Fedora; https://ftp-master.debian.org/keys.html",
  },
  program("apt-get", "fetches the Linux guests' kernel from Debian", tests, ["apt"], "apt in Fedora, Arch"),
  program("dpkg-deb", "unpacks the Linux guests' kernel", tests, ["dpkg"], "dpkg in Fedora, Arch, Homebrew"),
];

function hasLibFuzzer() {
  if (which("clang") === undefined) return false;
  const folder = capture("clang", ["--print-runtime-dir"]).output.trim();
  // clang 14 answers with a folder per system, later ones may answer with one per target that does not exist.
  const folders = [folder, folder.replace(/\/[^/]*$/, "/linux")].filter((path) => existsSync(path));
  return folders.some((path) => readdirSync(path).some((file) => /^libclang_rt\.fuzzer[-.]/.test(file)));
}

/** The major version of the clang that is installed, else of the one that apt would install: 14 in Debian 12. */
function clangVersion() {
  const installed =
    which("clang") === undefined ? undefined : /version (\d+)/.exec(capture("clang", ["--version"]).output);
  const offered = /Depends: clang-(\d+)/.exec(capture("apt-cache", ["depends", "clang"]).output);
  return (installed ?? offered)?.[1] ?? "14";
}

/** @param {Scope} scope */
export const missingNeeds = (scope) => needs.filter((need) => need.scopes.includes(scope) && !need.found());

/**
 * One line for each thing that is missing, and how to get it.
 * @param {readonly Need[]} missing
 */
export function describeMissing(missing) {
  const width = Math.max(...missing.map((need) => need.name.length));
  return missing
    .map((need) => {
      const packages = typeof need.packages === "function" ? need.packages() : need.packages.slice(0, 1);
      return `  ${need.name.padEnd(width)}  ${need.purpose}\n  ${"".padEnd(width)}  Debian: ${packages.join(" ")}; ${need.elsewhere}`;
    })
    .join("\n");
}
