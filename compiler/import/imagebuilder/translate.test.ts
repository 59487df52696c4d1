import { fc, it as property } from "@fast-check/vitest";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import { imported as importFile } from "../testing/request.ts";
import { variables } from "./variables.ts";

const imported = (text: string) => importFile("config", text);
const domain = 'DEVICE_TREE="board.dtb"\nNUM_DOMUS=1\nDOMU_KERNEL[0]="Image"\n';
/** The findings of a sound configuration with these lines after its own three. */
const findings = async (lines: string) => (await imported(domain + lines)).findings;

/** Every variable of ImageBuilder that is known of, with a value that changes something, and what it needs besides. */
const samples: Readonly<Record<string, readonly [value: string, besides?: string]>> = {
  MEMORY_START: ["0x50000000"],
  MEMORY_END: ["0x80000000"],
  LOAD_CMD: ["tftpb"],
  XEN_LOAD: ["tftpb"],
  DOM0_LOAD: ["tftpb"],
  "DOMU_LOAD[0]": ["tftpb"],
  BOOT_CMD: ["booti"],
  DEVICE_TREE: ["board.dtb"],
  XEN: ["xen"],
  XEN_CMD: ["console=dtuart"],
  XEN_COLORS: ["0-3"],
  DOM0_COLORS: ["4-7"],
  XEN_STATIC_HEAP: ["0x60000000 0x1000000"],
  PASSTHROUGH_DTS_REPO: ["https://example.com/dts dts"],
  LOPPER_PATH: ["/opt/lopper"],
  LOPPER_CMD: ["-x resets"],
  DOM0_KERNEL: ["Image"],
  DOM0_MEM: ["1024"],
  DOM0_VCPUS: ["1"],
  DOM0_VIOMMU: ["1"],
  DOM0_CMD: ["console=hvc0"],
  DOM0_RAMDISK: ["initrd"],
  DOM0_ROOTFS: ["rootfs"],
  NUM_DT_OVERLAY: ["1"],
  "DT_OVERLAY[0]": ["a.dtbo"],
  NUM_DOMUS: ["2", 'DOMU_KERNEL[1]="Image"'],
  "DOMU_KERNEL[0]": ["other"],
  "DOMU_CMD[0]": ["quiet"],
  "DOMU_RAMDISK[0]": ["initrd"],
  "DOMU_ROOTFS[0]": ["rootfs"],
  "DOMU_PASSTHROUGH_PATHS[0]": ["/uart@1 /dma@2"],
  "DOMU_PASSTHROUGH_DTB[0]": ["part.dtb"],
  "DOMU_PASSTHROUGH_PROP[0]": ["enabled"],
  "DOMU_MEM[0]": ["64"],
  "DOMU_VCPUS[0]": ["2"],
  "DOMU_VCPU_HARD_AFFINITY[0,0]": ["0-2"],
  "DOMU_COLORS[0]": ["4-7"],
  "DOMU_STATIC_MEM[0]": ["0x50000000 0x1000000"],
  "DOMU_DIRECT_MAP[0]": ["0", 'DOMU_STATIC_MEM[0]="0x50000000 0x1000000"'],
  "DOMU_SHARED_MEM[0]": ["frames 0x60000000 0x33000000 0x1000"],
  "DOMU_STATIC_EVTCHNS[0]": ["1 0 2"],
  "DOMU_ENHANCED[0]": ["1"],
  "DOMU_GRANT_VER[0]": ["2"],
  "DOMU_GRANT_FRAMES[0]": ["8"],
  "DOMU_MAPTRACK_FRAMES[0]": ["0"],
  "DOMU_VPL011[0]": ["0"],
  DOMU_VUART_PL011: ["1"],
  "DOMU_VIOMMU[0]": ["1"],
  "DOMU_CPUPOOL[0]": ["0", 'NUM_CPUPOOLS=1\nCPUPOOL[0]="cpu@1"'],
  "CPUPOOL[0]": ["cpu@1,cpu@2 null", "NUM_CPUPOOLS=1"],
  NUM_CPUPOOLS: ["1", 'CPUPOOL[0]="cpu@1"'],
  "DOMU_CAPS[0]": ["control|xenstore"],
  "DOMU_DOMID[0]": ["7"],
  "DOMU_TRAP_UNMAP[0]": ["0"],
  "DOMU_P2M_MEM_MB[0]": ["4"],
  "DOMU_NOBOOT[0]": ["1"],
  "DOMU_DRIVER_DOMAIN[0]": ["1"],
  LINUX: ["Image"],
  LINUX_CMD: ["quiet"],
  LINUX_RAMDISK: ["initrd"],
  LINUX_ROOTFS: ["rootfs"],
  BITSTREAM: ["a.bit"],
  NUM_BOOT_AUX_FILE: ["1"],
  "BOOT_AUX_FILE[0]": ["BOOT.BIN"],
  GPT: ["1"],
  UBOOT_SOURCE: ["boot.source"],
  UBOOT_SCRIPT: ["boot.scr"],
  APPEND_EXTRA_CMDS: ["more.txt"],
  FDTEDIT: ["edited.dtb"],
  FIT: ["boot.fit"],
  FIT_ENC_KEY_DIR: ["keys/dev"],
  FIT_ENC_UB_DTB: ["u-boot.dtb"],
  DBG_FDT_PRINT_CHOSEN: ["1"],
  "XENIMG_DOMU_NAME[0]": ["ui"],
  "XENIMG_CPUPOOL_NAME[0]": ["fast", 'NUM_CPUPOOLS=1\nCPUPOOL[0]="cpu@1"'],
};

describe("each variable of ImageBuilder", () => {
  it("is known", () => {
    expect(Object.keys(variables).sort()).toEqual(
      Object.keys(samples)
        .map((name) => name.replace(/\[.*/, ""))
        .sort(),
    );
  });

  it.each(Object.entries(samples))(
    "is in board.ts, or is told with the reason: %s",
    async (name, [value, besides = ""]) => {
      const line = `${name}="${value}"\n`;
      const without = await imported(
        domain.replace(new RegExp(`^${name.replace("[0]", "\\[0\\]")}=.*\n`, "m"), "") + besides,
      );
      const { text, findings: told } = await imported(`${domain}${besides}\n${line}`);
      expect(told.filter((finding) => finding.includes("XI2206"))).toEqual([]);
      const isTold = told.some(
        (finding) =>
          finding.includes(` XI2207 ${name} is not taken over: `) ||
          finding.includes(` XI2270 ${name} is not needed: `),
      );
      expect(isTold || (text !== undefined && text !== without.text)).toBe(true);
    },
  );

  it.each(["MEMORY_END", "UBOOT_SOURCE", "UBOOT_SCRIPT"])(
    "that loses nothing is told without a warning: %s",
    async (name) => {
      expect(await findings(`${name}=1`)).toEqual([expect.stringContaining(`XI2270 ${name} is not needed: `)]);
    },
  );

  it("without a value is as one that is left out", async () => {
    const empty = Object.keys(samples).filter((name) => !domain.includes(name));
    const { text, findings: told } = await imported(
      `${domain}declare -A DOMU_VCPU_HARD_AFFINITY\n${empty.map((name) => `${name}=""\n`).join("")}`,
    );
    expect(told).toEqual([]);
    expect(text).toBe((await imported(domain)).text);
  });
});

const everything = `MEMORY_START="0x40200000"
DEVICE_TREE="board.dtb"
XEN_CMD="console=dtuart dom0_mem=1G sched=credit2"
XEN_STATIC_HEAP="0x60000000 0x1000000"
NUM_CPUPOOLS=1
CPUPOOL[0]="cpu@2,cpu@3 null"
NUM_DOMUS=3
DOMU_KERNEL[0]="one/Image"
DOMU_RAMDISK[0]="one/initrd.cpio"
DOMU_CMD[0]='console=ttyAMA0 name="one"'
DOMU_STATIC_MEM[0]="0x50000000 0x1000000 0x52000000 1073741824"
DOMU_CPUPOOL[0]=0
DOMU_VCPUS[0]=2
declare -A DOMU_VCPU_HARD_AFFINITY
DOMU_VCPU_HARD_AFFINITY[0,1]="3"
DOMU_KERNEL[1]="two/Image"
DOMU_MEM[1]=100
DOMU_VPL011[1]=0
DOMU_ENHANCED[1]=2
DOMU_GRANT_FRAMES[1]=8
DOMU_CAPS[1]=5
DOMU_SHARED_MEM[1]="frames 0x33000000 0x3000"
DOMU_STATIC_EVTCHNS[1]="1 2 2; 3 2 4"
DOMU_KERNEL[2]="three/Image"
DOMU_PASSTHROUGH_PATHS[2]="/uart@1 /rtc@2"
DOMU_SHARED_MEM[2]="frames 0x33000000 0x3000"
DOMU_STATIC_EVTCHNS[2]="2 1 1;4 1 3;"
`;

describe("a configuration with everything", () => {
  it("becomes what a person would have written", async () => {
    const { text, findings: told } = await imported(everything);
    expect(told).toEqual(["3:9 XI2207 dom0_mem=1G is not taken over: a system has no dom0, only domains of its own"]);
    expect(text).toBe(`import { GiB, KiB, MiB, defineSystem } from "xenimg";

export default defineSystem({
  board: {
    name: "example,board",
    parameters: {},
    cpus: ["cpu0", "cpu1", "cpu2", "cpu3"],
    deviceTree: "../board.dtb",
    loadAddress: 0x4020_0000,
  },
  hypervisor: {
    bootargs: "console=dtuart sched=credit2",
    heap: { at: 0x6000_0000, size: MiB(16) },
  },
  cpupools: { pool0: { cpus: ["cpu2", "cpu3"], scheduler: "null" } },
  domains: {
    domU0: {
      kernel: "../one/Image",
      ramdisk: "../one/initrd.cpio",
      bootargs: 'console=ttyAMA0 name="one"',
      cpus: 2,
      pool: "pool0",
      memory: [
        { at: 0x5000_0000, size: MiB(16) },
        { at: 0x5200_0000, size: GiB(1) },
      ],
      directMap: true,
      vcpus: [{}, { affinity: ["cpu3"] }],
    },
    domU1: {
      kernel: "../two/Image",
      memory: MiB(100),
      console: "none",
      enhanced: "no-xenstore",
      grants: { frames: 8 },
      capabilities: ["control", "xenstore"],
    },
    domU2: {
      kernel: "../three/Image",
      bootargs: "console=ttyAMA0",
      memory: MiB(512),
      passthrough: ["/uart@1", "/rtc@2"],
    },
  },
  sharedMemory: {
    frames: {
      size: KiB(12),
      guestAt: 0x3300_0000,
      borrowers: ["domU1", "domU2"],
    },
  },
  eventChannels: [
    { from: ["domU1", 1], to: ["domU2", 2] },
    { from: ["domU1", 3], to: ["domU2", 4] },
  ],
});
`);
  });

  it("is formatted as prettier formats it", async () => {
    const { text = "" } = await imported(everything);
    expect(await prettier.format(text, { parser: "typescript" })).toBe(text);
  });
});

describe("a command line", () => {
  it("that is a blank is none, which ImageBuilder would fill in otherwise", async () => {
    const { text, findings: told } = await imported(`${domain}DOMU_CMD[0]=" "\n`);
    expect(told).toEqual([]);
    expect(text).not.toContain('bootargs: " "');
    expect(text).not.toContain("ttyAMA0");
  });
});

describe("a mistake", () => {
  it.each([
    ["DOMU_MEM[0]=lots", '4:13 XI2208 DOMU_MEM[0] is "lots", which is not a whole number from 1 to 4294967296'],
    ["DOMU_VCPUS[0]=0", '4:15 XI2208 DOMU_VCPUS[0] is "0", which is not a whole number from 1 to 128'],
    ['DOMU_STATIC_MEM[0]="0x1000"', '4:20 XI2208 DOMU_STATIC_MEM[0] is "0x1000", which is not pairs of an address'],
    ['DOMU_CAPS[0]="all"', '4:14 XI2208 DOMU_CAPS[0] is "all", which is not control, hardware, xenstore, dom0, none'],
    ["DOMU_CPUPOOL[0]=1", '4:17 XI2208 DOMU_CPUPOOL[0] is "1", which is not the number of a pool'],
    ["DOMU_ENHANCED[0]=3", '4:18 XI2208 DOMU_ENHANCED[0] is "3"'],
    ['DOMU_SHARED_MEM[0]="a 1"', '4:20 XI2208 DOMU_SHARED_MEM[0] is "a 1"'],
    ['DOMU_STATIC_EVTCHNS[0]="1 1 1"', '4:24 XI2208 DOMU_STATIC_EVTCHNS[0] is "1 1 1"'],
    ["DOMU_VCPU_HARD_AFFINITY[0,0]=4", '4:30 XI2208 DOMU_VCPU_HARD_AFFINITY[0,0] is "4"'],
    ['XENIMG_DOMU_NAME[0]="a b"', '4:21 XI2208 XENIMG_DOMU_NAME[0] is "a b", which is not a name'],
    ["XENIMG_DOMU_NAME[0]=hypervisor", '4:21 XI2208 XENIMG_DOMU_NAME[0] is "hypervisor", which is not a name'],
    [
      "NUM_DOMUS=2\nDOMU_KERNEL[1]=I\nXENIMG_DOMU_NAME[1]=domU0",
      '6:21 XI2208 XENIMG_DOMU_NAME[1] is "domU0", which is not a name of its own',
    ],
    ["DOMU_COLORS[0]=red", '4:16 XI2208 DOMU_COLORS[0] is "red"'],
    [
      'NUM_CPUPOOLS=1\nCPUPOOL[0]="cpu@9"',
      '5:12 XI2208 CPUPOOL[0] is "cpu@9", which is not a list of the board\'s CPUs',
    ],
    ["NUM_DOMUS=1000000000", "4:11 XI2208 NUM_DOMUS"],
    ["NUM_DOMUS=2", "4:11 XI2209 DOMU_KERNEL[1] has no value: a domain has a kernel"],
    ["NUM_DOMUS=0", "XI2209 NUM_DOMUS has no value: a system has one domain at least"],
    ['DEVICE_TREE="none.dtb"', '4:13 XI2001 the device tree "none.dtb" does not exist'],
    ['DEVICE_TREE="text.dtb"', '4:13 XI2201 "text.dtb" cannot be imported: '],
    ["DEVICE_TREE=", "XI2209 DEVICE_TREE has no value: the board is read from its device tree"],
  ])("stops the import, with its place: %j", async (lines, expected) => {
    const { text, findings: told } = await imported(`${domain}${lines}\n`);
    expect(told.join("\n")).toContain(expected);
    expect(text).toBeUndefined();
  });

  it.each([
    ["DOMU_VPCUS[0]=2", '4:1 XI2206 "DOMU_VPCUS[0]" is no variable that import knows'],
    ["constructor=2", '4:1 XI2206 "constructor" is no variable that import knows'],
    ["DOMU_MEM[1]=64", "4:1 XI2210 DOMU_MEM[1] is passed over: NUM_DOMUS says that there are 1"],
    ['CPUPOOL[0]="cpu@1"', "4:1 XI2210 CPUPOOL[0] is passed over: NUM_CPUPOOLS says that there are 0"],
  ])("is told where the rest can be imported: %j", async (lines, expected) => {
    const { text, findings: told } = await imported(`${domain}${lines}\n`);
    expect(told).toEqual([expected]);
    expect(text).toBeDefined();
  });

  it.each([
    ["a 0x1000 0x1000", "a 0x1000 0x2000"],
    ["a 0x7000 0x1000 0x1000", "a 0x8000 0x1000 0x1000"],
    ["a 0x7000 0x1000 0x1000", "a 0x1000 0x1000"],
  ])("in what two domains say of one memory is told at the second: %s, %s", async (first, second) => {
    const lines = `NUM_DOMUS=2\nDOMU_KERNEL[1]=I\nDOMU_SHARED_MEM[0]="${first}"\nDOMU_SHARED_MEM[1]="${second}"`;
    expect(await findings(lines)).toEqual([
      expect.stringContaining(`7:20 XI2208 DOMU_SHARED_MEM[1] is "${second}", which is not what the domains before`),
    ]);
  });
});

const values = fc.oneof(
  fc.constantFrom(
    "0",
    "1",
    "2",
    "0x1000 0x1000",
    "a 1 2 3",
    "1 0 1",
    "cpu@1 null",
    "0-2",
    "99999999999999999999",
    "-1",
    "x y",
  ),
  fc.string().map((text) => text.replaceAll(/['\0\r\n]/g, "")),
);
const lines = fc.array(
  fc.tuple(fc.constantFrom(...Object.keys(samples)), values).map(([name, value]) => `${name}='${value}'\n`),
  { maxLength: 12 },
);

describe("any values whatever", () => {
  property.prop([lines], { numRuns: 500 })("are imported as text that prettier agrees with, or told", async (lines) => {
    const { text, findings: told } = await imported(`${domain}${lines.join("")}`);
    if (text === undefined) expect(told.join("\n")).toMatch(/XI2(001|201|208|209)/);
    else expect(await prettier.format(text, { parser: "typescript" })).toBe(text);
  });
});
