import { gzipSync } from "node:zlib";
import { cells64, property, setProperty } from "dtc-js";
import { debian } from "../paths.ts";
import type { Case } from "./case.ts";
import { damagedGzip, junk, kernel, ramdisk, uimage, zimage } from "./files.ts";
import { alone, bank, board, hello, inModule, inTree, modulePath, set, system } from "./systems.ts";

const many = (count: number): Readonly<Record<string, ReturnType<typeof hello>>> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `d${index}`,
      hello(`d${index}`, { memory: "8MiB", ramdisk: "ramdisk" }),
    ]),
  );

/** Direct-mapped, so that its banks stay apart. */
const twoBanks = (first: string, second: string): ReturnType<typeof alone> =>
  alone({ memory: [...bank(0x6000_0000, first), ...bank(0x6400_0000, second)], directMap: true, ramdisk: "ramdisk" });

const long = `name=ui ${"x".repeat(1040)}`;
const longName = "u".repeat(50);

/** Kernels, ramdisks and command lines. */
export const moduleCases: readonly Case[] = [
  {
    row: "B2",
    what: "34 modules",
    on: "xen",
    files: { ramdisk: ramdisk(512) },
    wrong: system({ domains: many(16) }),
    code: "XI4101",
    seen: { stops: /Missing kernel boot module/ },
  },
  {
    row: "B3",
    what: "a long command line",
    on: "xen",
    wrong: alone({ bootargs: long }),
    code: "XI4102",
    seen: { nothing: true },
  },
  {
    row: "B3",
    what: "the same on the core",
    on: "core",
    wrong: alone({ bootargs: long }),
    code: "XI4102",
    seen: { stops: /^error: \/chosen\/ui\/module@\w+: bootargs: longer than 1023 characters/ },
  },
  {
    row: "B4",
    what: "a long name, which costs the kernel its command line",
    on: "xen",
    wrong: system({ domains: { [longName]: hello("ui") } }),
    code: "XI4103",
    seen: { guest: longName, says: /^ready: guest,/ },
  },
  {
    row: "B6",
    what: "an empty kernel",
    on: "xen",
    files: { empty: new Uint8Array() },
    wrong: alone({ kernel: "empty" }),
    code: "XI2003",
    sound: alone({}),
    damage: inTree((tree) => {
      const path = modulePath(tree, "ui", "kernel");
      return setProperty(tree, path, property("reg", cells64(0x4060_0000, 0)));
    }),
    seen: { stops: /Missing kernel boot module/ },
  },
  {
    row: "B7",
    what: "a kernel that is none",
    on: "xen",
    files: { junk },
    wrong: alone({ kernel: "junk" }),
    code: "XI4104",
    seen: { stops: /Could not set up domain ui/ },
  },
  {
    row: "B7",
    what: "the same on the core",
    on: "core",
    files: { junk },
    wrong: alone({ kernel: "junk" }),
    code: "XI4104",
    seen: { stops: /^error: \/chosen\/ui: multiboot,kernel: of no known format/ },
  },
  {
    row: "B8",
    what: "a damaged gzip file",
    on: "xen",
    files: { bad: damagedGzip(), good: gzipSync(kernel()) },
    wrong: alone({ kernel: "bad" }),
    code: "XI2005",
    sound: alone({ kernel: "good" }),
    damage: inModule("ui", "kernel", damagedGzip()),
    seen: { stops: /crc error|decompress|gunzip|invalid|Could not set up domain ui/i },
  },
  {
    row: "B9",
    what: "a uImage of another architecture",
    on: "xen",
    files: { uimage: uimage(5, 0) },
    wrong: alone({ kernel: "uimage" }),
    code: "XI4104",
    seen: { stops: /Could not set up domain ui/ },
  },
  {
    row: "B9",
    what: "a uImage that is to be loaded elsewhere",
    on: "xen",
    files: { uimage: uimage(22, 0x4100_0000) },
    wrong: alone({ kernel: "uimage" }),
    code: "XI4107",
    seen: { guest: "ui", says: /image at 0x40000000$/ },
  },
  {
    row: "B10",
    what: "a 32-bit kernel on CPUs without 32-bit EL1",
    on: "xen",
    files: { zimage: zimage() },
    wrong: system({ board: board({ cpu: "cortex-a76" }), domains: { ui: hello("ui", { kernel: "zimage" }) } }),
    code: "XI4105",
    seen: { stops: /Could not set up domain ui/ },
  },
  {
    row: "B11",
    what: "less memory than kernel and ramdisk have",
    on: "xen",
    files: { ramdisk: ramdisk(3 << 20) },
    wrong: alone({ memory: "4MiB", ramdisk: "ramdisk" }),
    code: "XI5003",
    sound: alone({ ramdisk: "ramdisk" }),
    damage: set("/chosen/ui", property("memory", cells64(4096))),
    seen: { stops: /Not enough memory in the first bank for the kernel\+dtb\+initrd/ },
  },
  {
    row: "B12",
    what: "memory that kernel and device tree just fill",
    on: "xen",
    wrong: alone({ memory: "4MiB" }),
    code: "XI5003",
    sound: alone({}),
    damage: set("/chosen/ui", property("memory", cells64(4096))),
    seen: { stops: /Unable to find suitable location for dtb\+initrd/ },
  },
  {
    row: "B13",
    what: "Debian's kernel, whose BSS lies over its device tree",
    on: "xen",
    wrong: system({
      domains: {
        ui: { kernel: debian("kernel"), bootargs: "console=ttyAMA0 earlycon=pl011,0x22000000", memory: "34820KiB" },
        other: hello("other"),
      },
    }),
    code: "XI4110",
    seen: { silent: "ui", speaks: "other" },
  },
  {
    row: "B14",
    what: "a direct-mapped kernel off the 2 MiB grid",
    on: "core",
    wrong: alone({ memory: bank(0x6000_1000), directMap: true }),
    code: "XI4306",
    seen: { stops: /^error: \/chosen\/ui: memory: no place for kernel, ramdisk and device tree in the first bank/ },
  },
  {
    row: "B16",
    what: "a kernel beyond its first bank",
    on: "core",
    files: { ramdisk: ramdisk(3 << 20) },
    wrong: twoBanks("4MiB", "32MiB"),
    code: "XI5003",
    sound: twoBanks("32MiB", "4MiB"),
    damage: set("/chosen/ui", property("xen,static-mem", cells64(0x6000_0000, 0x40_0000, 0x6400_0000, 0x200_0000))),
    seen: { stops: /^error: \/chosen\/ui: memory: no place for kernel, ramdisk and device tree in the first bank/ },
  },
];
