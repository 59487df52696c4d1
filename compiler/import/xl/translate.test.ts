import { fc, it as property } from "@fast-check/vitest";
import { runInNewContext } from "node:vm";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import { GiB, KiB, MiB } from "../../base/units.ts";
import type { PvInput } from "../../config/input-pv.ts";
import type { SystemInput } from "../../config/input.ts";
import { importedTogether } from "../testing/request.ts";
import { options } from "./options.ts";

const imported = (text: string) => importedTogether({ "web.cfg": text }, "board.dtb");
const domain = 'name = "web"\nkernel = "Image"\nmemory = 64\n';
/** The findings of a sound configuration with these lines after its own three. */
const findings = async (lines: string) => (await imported(domain + lines)).findings;

/** What a board.ts that imports nothing but functions for sizes gives to `defineSystem`. */
function systemOf(text: string): SystemInput {
  const script = text.replaceAll(/^import .*$/gm, "").replace("export default defineSystem(", "result = (");
  const context = { result: undefined, KiB, MiB, GiB };
  runInNewContext(script, context);
  return context.result as unknown as SystemInput;
}

/** The system of a domain "web" with these lines, which are taken over without a word, and of other files. */
async function system(lines: string, besides: Readonly<Record<string, string>> = {}): Promise<SystemInput> {
  const { text = "", findings: told } = await importedTogether({ "web.cfg": domain + lines, ...besides }, "board.dtb");
  expect(told).toEqual([]);
  return systemOf(text);
}

/** What lines after the domain's own bring about in it. */
async function fields(lines: string): Promise<Readonly<Record<string, unknown>>> {
  const [without, withLines] = await Promise.all(["", lines].map(async (each) => (await system(each)).domains["web"]));
  const plain = new Map(Object.entries(without ?? {}));
  return Object.fromEntries(Object.entries(withLines ?? {}).filter(([name, value]) => plain.get(name) !== value));
}

describe("each option of xl.cfg", () => {
  /** Of each option a value that changes something; where it needs other lines, with them. */
  const samples: Readonly<Record<string, string>> = {
    name: '"other"',
    type: '"hvm"',
    kernel: '"other"',
    ramdisk: '"initrd"',
    cmdline: '"quiet"',
    root: '"/dev/xvda"',
    extra: '"quiet"',
    memory: "32",
    maxmem: "128",
    vcpus: "2",
    maxvcpus: "2",
    cpus: '"1"',
    pool: '"fast"',
    cpu_weight: "512",
    cap: "50",
    on_poweroff: '"restart"',
    on_reboot: '"destroy"',
    on_watchdog: '"restart"',
    on_crash: '"preserve"',
    max_grant_frames: "8",
    max_maptrack_frames: "0",
    max_grant_version: "2",
    device_tree: '"part.dtb"',
    passthrough: '"enabled"',
    dtdev: '["/uart@1"]',
    iomem: '["9000,1"]',
    irqs: "[33]",
    disk: '["/a,,xvda"]',
    vif: '[""]',
    p9: '["tag=t,path=/t"]',
    static_shm: '["id=a,begin=0x1000,size=0x1000,role=owner"]',
    vuart: '"sbsa_uart"',
    gic_version: '"v3"',
    sve: '"hw"',
    tee: '"optee"',
    arm_sci: '"type=scmi_smc"',
    nr_spis: "64",
    trap_unmapped_accesses: "0",
    llc_colors: '["0-3"]',
  };

  it("that is taken over has a sample here", () => {
    expect(Object.keys(samples).sort()).toEqual(
      Object.keys(options)
        .filter((name) => options[name] === undefined)
        .sort(),
    );
  });

  it.each(Object.entries(samples))("is in board.ts, or is told with the reason: %s", async (name, value) => {
    const rest = domain.replace(new RegExp(`^${name} = .*\n`, "m"), "");
    const [without, withIt] = [await imported(domain), await imported(`${rest}${name} = ${value}\n`)];
    const isTold = withIt.findings.some((finding) => finding.includes(" XI2207 ") && finding.includes(name));
    // The one value that there is of it is the language's default.
    const isUsual = name === "vuart";
    expect(isTold || isUsual || (withIt.text !== undefined && withIt.text !== without.text)).toBe(true);
  });

  it.each(Object.keys(options).filter((name) => options[name] !== undefined))(
    "that has no counterpart is told at its name, with the reason: %s",
    async (name) => {
      const { text, findings: told } = await imported(`${domain}${name} = "1"\n`);
      expect(told).toEqual([`4:1 XI2207 ${name} is not taken over: ${options[name]}`]);
      expect(text).toBe((await imported(domain)).text);
    },
  );

  it("in capitals, or of a name that none has, is told", async () => {
    expect(await findings("VCPUS = 2\nvpcus = 2\nconstructor = 3\n")).toEqual([
      '4:1 XI2263 "VCPUS" is no option of xl.cfg that import knows',
      '5:1 XI2263 "vpcus" is no option of xl.cfg that import knows',
      '6:1 XI2263 "constructor" is no option of xl.cfg that import knows',
    ]);
  });

  it("that is set twice counts where it stands last, and is told", async () => {
    const { text, findings: told } = await imported(`${domain}memory = 32`);
    expect(told).toEqual(["4:1 XI2267 memory is set in line 3 already: only this value counts"]);
    expect(text).toContain("memory: MiB(32)");
  });
});

describe("a domain", () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['cmdline = "console=ttyAMA0"', { bootargs: "console=ttyAMA0" }],
    ['root = "/dev/xvda1"\nextra = "ro quiet"', { bootargs: "root=/dev/xvda1 ro quiet" }],
    ['ramdisk = "boot/initrd"', { ramdisk: "../boot/initrd" }],
    ["vcpus = '2'\nmaxvcpus = 2", { cpus: 2 }],
    [
      "vcpus = 0x2\ncpus = '1-3,^2'",
      { cpus: 2, vcpus: [{ affinity: ["cpu1", "cpu3"] }, { affinity: ["cpu1", "cpu3"] }] },
    ],
    [
      "vcpus = 3\ncpus = ['all', 'all, ^0', 2]",
      { cpus: 3, vcpus: [{}, { affinity: ["cpu1", "cpu2", "cpu3"] }, { affinity: ["cpu2"] }] },
    ],
    ["vcpus = 2\ncpus = ['3']", { cpus: 2, vcpus: [{ affinity: ["cpu3"] }] }],
    ["cpus = 'all'", {}],
    ["cpus = '0-3'", {}],
    ["pool = 'Pool-0'", {}],
    ["maxmem = 64", {}],
    ["cpu_weight = 512\ncap = 150", { weight: 512, cap: 150 }],
    ["cpu_weight = 256\ncap = 0", {}],
    [
      "on_poweroff = 'preserve'\non_reboot = 'destroy'\non_crash='restart'\non_watchdog='restart'",
      { onPoweroff: "preserve", onReboot: "destroy", onWatchdog: "restart", onCrash: "restart" },
    ],
    ["on_poweroff = 'destroy'\non_reboot = 'restart'", {}],
    [
      "max_grant_frames = 32\nmax_maptrack_frames = 0\nmax_grant_version = 1",
      { enhanced: "no-xenstore", grants: { version: 1, frames: 32, maptrackFrames: 0 } },
    ],
    ["passthrough = 'share_pt'", { passthroughPolicy: "enabled" }],
    ["passthrough = 'disabled'", { passthroughPolicy: "disabled" }],
    ["passthrough = 'default'", {}],
    ["sve = '256'", { sve: 256 }],
    ["sve = 512", { sve: 512 }],
    ["sve = 'hw'", { sve: true }],
    ["sve = 'disabled'", {}],
    ["tee = 'none'", {}],
    ["arm_sci = 'type=scmi_smc'", { sci: "scmi_smc" }],
    ["arm_sci = 'type=none'", {}],
    ["gic_version = 'default'", {}],
    ["gic_version = 'v2'", {}],
    ["vuart = 'sbsa_uart'", {}],
    ["type = 'pvh'", {}],
    ["nr_spis = 96\ntrap_unmapped_accesses = 0", { nrSpis: 96, trapUnmappedAccesses: false }],
    ["llc_colors = ['0-3', '8', 9]", { llcColors: "0-3,8,9" }],
    ["device_tree = 'part.dtb'", { passthrough: "../part.dtb" }],
    ["dtdev = ['/soc/dma@1', '/uart@2']", { passthrough: ["/soc/dma@1", "/uart@2"] }],
    ["disk = []\nvif = []", {}],
  ])("says %j in the language's words", async (lines, expected) => {
    expect(await fields(lines)).toEqual(expected);
  });

  it("has maxmem where memory is left out", async () => {
    const { text } = await imported('name="web"; kernel="Image"; maxmem=96');
    expect(text).toContain("memory: MiB(96)");
  });

  it.each([
    ["name = 'web 1'", '1:8 XI2207 "web 1" is not taken over: as a name in board.ts it is "web-1"', '    "web-1": {'],
    ["name = '1'", '1:8 XI2207 "1" is not taken over: as a name in board.ts it is "d1"', "    d1: {"],
    ["name = 'hypervisor'", '1:8 XI2207 "hypervisor" is not taken over: as a name', "    dhypervisor: {"],
    ["name = '__proto__'", '1:8 XI2207 "__proto__" is not taken over: as a name', "    d__proto__: {"],
  ])("is called as board.ts can: %j", async (name, finding, key) => {
    const { text, findings: told } = await imported(domain.replace('name = "web"', name));
    expect(told).toEqual([expect.stringContaining(finding)]);
    expect(text).toContain(key);
  });
});

describe("devices of the machine", () => {
  it("are found by the pages of their registers, and bring their interrupts", async () => {
    const lines = 'iomem = [ "0xA0000,1" ]\nirqs = [ 33 ]';
    expect(await fields(lines)).toEqual({ passthrough: ["/uart@a0000000"] });
    expect(await fields(`${lines}\ndtdev = [ "/uart@a0000000" ]`)).toEqual({ passthrough: ["/uart@a0000000"] });
  });

  it.each([
    [
      'iomem = ["b0000,1"]',
      "4:10 XI2207 iomem[0] is not taken over: no device of the board's tree has its registers there",
    ],
    [
      'iomem = ["a0000,1@22000"]',
      "4:10 XI2207 @22000 of iomem[0] is not taken over: a domain sees a device at the machine",
    ],
    // RAM, and half a device, are none.
    ['iomem = ["40000,10"]', "4:10 XI2207 iomem[0] is not taken over: no device"],
    ['iomem = ["a0001,1"]', "4:10 XI2207 iomem[0] is not taken over: no device"],
    [
      "irqs = [33]",
      "4:9 XI2207 irqs[0], 33, is not taken over: interrupts come with their devices, and it is that of /uart@a0000000",
    ],
    ["irqs = [40]", "4:9 XI2207 irqs[0], 40, is not taken over: interrupts come with their devices, and no device"],
    [
      "device_tree='p.dtb'\niomem=['a0000,1']",
      '5:8 XI2207 iomem[0] is not taken over: xen,reg of a node in "p.dtb" is to say so',
    ],
    [
      "device_tree='p.dtb'\nirqs=[33]",
      '5:7 XI2207 irqs[0] is not taken over: xen,path of a node in "p.dtb" is to say whose',
    ],
    [
      "device_tree='p.dtb'\ndtdev=['/uart@a0000000']",
      "4:1 XI2207 device_tree is not taken over: `xenimg build` makes the partial",
    ],
  ])("that are not, or not so, are told: %j", async (lines, expected) => {
    const { text, findings: told } = await imported(domain + lines);
    expect(told).toEqual([expect.stringContaining(expected)]);
    expect(text).toBeDefined();
  });
});

const store = 'name = "store"\nkernel = "Image"\nmemory = 64\n';
describe("devices of another domain", () => {
  const ends = { backend: "store", frontend: "web" };
  it.each<[string, PvInput]>([
    ["vif = ['backend=store']", { kind: "net", ...ends }],
    [
      "vif = ['mac=00:16:3E:00:00:01, bridge = br0 ,backend=store,trusted']",
      { kind: "net", ...ends, mac: "00:16:3E:00:00:01", bridge: "br0" },
    ],
    [
      "p9 = ['tag=share,security_model=none,path=/srv/a=b,backend=store']",
      { kind: "9pfs", ...ends, path: "/srv/a=b", tag: "share" },
    ],
    ["disk = ['/dev/vg/web,,xvda,,backend=store']", { kind: "block", ...ends, device: "/dev/vg/web", name: "xvda" }],
    ["disk = ['vg/web,raw,xvda,rw,backend=store']", { kind: "block", ...ends, device: "/dev/vg/web", name: "xvda" }],
    [
      "disk = ['backend=store, format=raw, vdev=xvdb, access=ro, target=/srv/a,b=c ']",
      { kind: "block", ...ends, device: "/srv/a,b=c ", name: "xvdb", mode: "r" },
    ],
    ["disk = ['/iso,,hdc,cdrom,backend=store']", { kind: "block", ...ends, device: "/iso", name: "hdc", mode: "r" }],
    [
      "disk = ['/iso,raw,hdc,devtype=cdrom,backend=store']",
      { kind: "block", ...ends, device: "/iso", name: "hdc", mode: "r" },
    ],
    [
      "disk = ['phy:/dev/vg/web,xvda,w,backend=store']",
      { kind: "block", ...ends, device: "/dev/vg/web", name: "xvda" },
    ],
    ["disk = ['/img,,xvda,,,backend=store,']", { kind: "block", ...ends, device: "/img", name: "xvda" }],
    [
      "disk = ['tap:aio:/img,hdc:cdrom,r,backend=store']",
      { kind: "block", ...ends, device: "/img", name: "hdc", mode: "r" },
    ],
    [
      "disk = ['/dev/vg/web,xvda,r,backend=store']",
      { kind: "block", ...ends, device: "/dev/vg/web", name: "xvda", mode: "r" },
    ],
  ])("are links: %j", async (lines, expected) => {
    expect((await system(lines, { "store.cfg": store })).pv).toEqual([expected]);
  });

  it("need Xen's interfaces at both ends", async () => {
    const files = {
      "web.cfg": `${domain}vif=['backend=store']`,
      "store.cfg": store,
      "third.cfg": store.replace("store", "third"),
    };
    const { text } = await importedTogether(files, "board.dtb");
    expect(text?.match(/enhanced: "no-xenstore"/g)).toHaveLength(2);
  });

  it.each([
    ["vif = ['']", "4:8 XI2207 vif[0] is not taken over: its backend is Domain-0, which no system here has"],
    ["vif = ['backend=0']", "XI2207 vif[0] is not taken over: its backend is Domain-0"],
    ["vif = ['backend=3']", "XI2207 vif[0] is not taken over: its backend is the domain number 3"],
    [
      "vif = ['backend=other']",
      "XI2207 vif[0] is not taken over: its backend is none of the domains that are imported",
    ],
    ["vif = ['backend=store,model=e1000']", "XI2207 model of vif[0] is not taken over: nothing emulates an interface"],
    [
      "vif = ['backend=store,rate=1MB/s']",
      "XI2207 rate of vif[0] is not taken over: a link has its backend, a MAC address",
    ],
    ["disk = ['/a,,xvda']", "4:9 XI2207 disk[0] is not taken over: its backend is Domain-0"],
    ["disk = ['/a,qcow2,xvda,backend=store']", "XI2207 format of disk[0] is not taken over: a backend shows"],
    [
      "disk = ['/a,,xvda,backend=store,script=x']",
      "XI2207 script of disk[0] is not taken over: a link has its backend",
    ],
    ["disk = ['/a,,xvda,backend=store,specification=virtio']", "XI2207 disk[0] is not taken over: links are Xen's own"],
    ["disk = [',,hdc,cdrom,backend=store']", "XI2207 disk[0] is not taken over: it has no medium"],
    ["p9 = ['path=/a,tag=t,backend=store,max-files=3']", "XI2207 max-files of p9[0] is not taken over"],
  ])("that are not, or not so, are told once: %j", async (lines, expected) => {
    const { text, findings: told } = await importedTogether(
      { "web.cfg": domain + lines, "store.cfg": store },
      "board.dtb",
    );
    expect(told).toEqual([expect.stringContaining(expected)]);
    expect(text).toBeDefined();
  });

  it.each([
    [
      "vif = ['backend=store,mac=01:00:5e:00:00:01']",
      '4:8 XI2208 vif[0] is "backend=store,mac=01:00:5e:00:00:01", which is not an interface',
    ],
    ["disk = ['/a,backend=store']", '4:9 XI2208 disk[0] is "/a,backend=store", which is not a disk with a name'],
    ["disk = ['/a,what,backend=store,vdev=xvda']", "4:9 XI2208 disk[0] is"],
    ["disk = ['/a,,xvda,x,backend=store']", "4:9 XI2208 disk[0] is"],
    ["p9 = ['path=/a,backend=store']", '4:7 XI2208 p9[0] is "path=/a,backend=store", which is not a folder'],
    ["disk = '/a,,xvda'", '4:8 XI2208 disk is "/a,,xvda", which is not a list in [ ]'],
    ["disk = [1]", '4:9 XI2208 disk[0] is "1", which is not a text in quotes'],
  ])("stop the import where they make no sense: %j", async (lines, expected) => {
    const { text, findings: told } = await importedTogether(
      { "web.cfg": domain + lines, "store.cfg": store },
      "board.dtb",
    );
    expect(told[0]).toContain(expected);
    expect(text).toBeUndefined();
  });
});

describe("memory that domains share", () => {
  const view = (begin: string, role: string, more = "") =>
    `static_shm = ["id=frames, begin=${begin}, size=0x10000, role=${role}${more}"]\n`;
  const shared = (web: string, other: string) =>
    importedTogether({ "web.cfg": domain + web, "store.cfg": store + other }, "board.dtb");

  it("has an owner, and borrowers, at one address", async () => {
    const other = { "store.cfg": store + view("0x33000000", "borrower", ", prot=rw") };
    expect((await system(view("0x33000000", "owner"), other)).sharedMemory).toEqual({
      frames: { size: 0x1_0000, guestAt: 0x3300_0000, owner: "web", borrowers: ["store"] },
    });
  });

  it("is seen where each has it", async () => {
    const { text, findings: told } = await shared(view("0x48000000", "owner"), view("0x33000000", "borrower"));
    expect(text).toContain("guestAt: { web: 0x4800_0000, store: 0x3300_0000 }");
    expect(told).toEqual([]);
  });

  it("is seen once by a domain: what it says of another address is told", async () => {
    const twice = view("0x33000000", 'borrower", "id=frames, begin=0x34000000, size=0x10000, role=borrower');
    const { text, findings: told } = await shared(view("0x33000000", "owner"), twice);
    expect(text).toContain("guestAt: 0x3300_0000");
    expect(told).toEqual([
      expect.stringContaining(
        'XI2207 begin of static_shm[1] is not taken over: "store" sees the memory elsewhere already',
      ),
    ]);
  });

  it.each([
    ["borrower, offset=0x1000", "XI2207 offset of static_shm[0] is not taken over"],
    ["borrower, prot=ro", "XI2207 prot of static_shm[0] is not taken over: who sees shared memory may write to it"],
    ["borrower, cow=1", "XI2207 cow of static_shm[0] is not taken over: it is no key of static_shm"],
  ])("is told of where a borrower's view is another: %s", async (role, expected) => {
    const { text, findings: told } = await shared(view("0x33000000", "owner"), view("0x33000000", role));
    expect(told).toEqual([expect.stringContaining(expected)]);
    expect(text).toBeDefined();
  });

  it.each([
    [
      view("0x33000000", 'owner", "id=frames, begin=0x33000000, size=0x10000, role=borrower'),
      "XI2208 static_shm[0] is",
      "memory of one owner",
    ],
    [view("0x33000000", "borrower").replace("0x10000", "0x20000"), "XI2208 static_shm[0] is", "all have the same size"],
    [view("0x33000000", "guest"), "XI2208 static_shm[0] is", "the role owner or borrower"],
    [view("x", "borrower"), "XI2208 static_shm[0] is", '"begin="'],
    [view("0", "borrower").replace("frames", "0"), "XI2208 static_shm[0] is", '"id="'],
  ])("stops the import where the views contradict each other: %j", async (other, ...expected) => {
    const { text, findings: told } = await shared(view("0x33000000", "owner"), other);
    for (const part of expected) expect(told.join("\n")).toContain(part);
    expect(text).toBeUndefined();
  });

  it("without a borrower is told of", async () => {
    const { findings: told } = await shared(view("0x33000000", "owner"), "");
    expect(told).toEqual([
      expect.stringContaining("4:15 XI2207 static_shm[0] is not taken over: no domain that is imported"),
    ]);
  });
});

describe("pools of CPUs", () => {
  const fast = { "fast.cfg": "name = 'fast'\nsched = 'credit2'\ncpus = ['2', '3']\n" };

  it("are files of their own, which domains name", async () => {
    const { text, findings: told } = await importedTogether(
      { "web.cfg": `${domain}pool = 'fast'`, ...fast },
      "board.dtb",
    );
    expect(told).toEqual([]);
    expect(text).toContain('cpupools: { fast: { cpus: ["cpu2", "cpu3"], scheduler: "credit2" } },');
    expect(text).toContain('pool: "fast"');
  });

  it("leave Pool-0 the other CPUs, which a domain of no pool has even if the boot CPU is in another", async () => {
    const { text } = await importedTogether(
      { "web.cfg": domain, "boot.cfg": "name = 'boot'\ncpus = '0-1'" },
      "board.dtb",
    );
    expect(text).toContain('pool0: { cpus: ["cpu2", "cpu3"] }');
    expect(text).toContain('pool: "pool0"');
  });

  it("have no name that looks like a number of the hypervisor's, which is told, nor one twice", async () => {
    const files = {
      "web.cfg": domain,
      "one.cfg": "name = 'Pool-1'\ncpus = '0'",
      "other.cfg": "name = 'pool0'\ncpus = '1'",
    };
    const { text, findings: told } = await importedTogether(files, "board.dtb");
    expect(told).toEqual([expect.stringContaining('"Pool-1" is not taken over: as a name in board.ts it is "pool1"')]);
    expect(text).toContain('pool1: { cpus: ["cpu0"] }');
    expect(text).toContain('"pool0-rest": { cpus: ["cpu2", "cpu3"] }');
    expect(text).toContain('pool: "pool0-rest"');
  });

  it("leave a domain of no pool where the boot CPU is, without a word", async () => {
    const { text, findings: told } = await importedTogether({ "web.cfg": domain, ...fast }, "board.dtb");
    expect(told).toEqual([]);
    expect(text).not.toContain("Pool-0");
    expect(text).not.toContain("pool:");
  });

  it.each([
    ["name = 'fast'\ncpus = '9'", '2:8 XI2208 cpus is "9", which is not a list of CPUs from 0 to 3'],
    ["name = 'fast'\nnodes = 0", "1:1 XI2209 cpus has no value: a pool has CPUs"],
    ["name = 'fast'\ncpus = 'node:0'", "1:1 XI2209 cpus has no value: a pool has CPUs"],
    [
      "name = 'fast'\nsched = 'null'\ncpus = '1'",
      '2:9 XI2208 sched is "null", which is not one of "credit", "credit2", "rtds"',
    ],
  ])("are refused without CPUs that are known: %j", async (pool, expected) => {
    const { text, findings: told } = await importedTogether({ "web.cfg": domain, "pool.cfg": pool }, "board.dtb");
    expect(told.join("\n")).toContain(expected);
    expect(text).toBeUndefined();
  });

  it("alone are no system", async () => {
    const { text, findings: told } = await importedTogether(fast, "board.dtb");
    expect(told).toEqual([expect.stringContaining("XI2209 kernel has no value: a system has one domain at least")]);
    expect(text).toBeUndefined();
  });
});

describe("what is told", () => {
  it.each([
    ["pool = 'fast'", "4:1 XI2207 pool is not taken over: its CPUs are not said here; import the pool's own file, too"],
    [
      "maxmem = 128",
      "4:1 XI2207 maxmem is not taken over: nobody gives a domain more memory while it runs; it has memory's 64 MiB",
    ],
    ["vcpus = 1\nmaxvcpus = 4", "5:1 XI2207 maxvcpus is not taken over: nobody adds vCPUs while a domain runs"],
    ["cmdline = 'a'\nextra = 'b'", "5:1 XI2207 extra is not taken over: xl takes cmdline"],
    ["cmdline = 'a'\nroot = 'b'", "5:1 XI2207 root is not taken over: xl takes cmdline"],
    ["cpus = 'node:0'", "4:8 XI2207 cpus is not taken over: NUMA nodes are not known here"],
    ["vcpus = 2\ncpus = 'nodes:0-1,^2'", "5:8 XI2207 cpus is not taken over: NUMA nodes"],
    ["cpus = ['1', '2']", "4:8 XI2207 cpus[1] is not taken over: the domain has 1 vCPU"],
    [
      "on_crash = 'coredump-restart'",
      '4:1 XI2207 on_crash is not taken over: "coredump-restart" is not known here: nobody writes',
    ],
    [
      "gic_version = 'v3'",
      "4:1 XI2207 gic_version is not taken over: a domain's interrupt controller is of the machine's version, here v2",
    ],
    ["tee = 'ffa'", "4:1 XI2207 tee is not taken over"],
    ["passthrough = 'sync_pt'", "4:1 XI2207 passthrough is not taken over: Arm shares the page tables"],
    ["type = 'hvm'", "4:1 XI2207 type is not taken over"],
  ])("is told, with its place, and imported without: %j", async (lines, expected) => {
    const { text, findings: told } = await imported(domain + lines);
    expect(told).toEqual([expect.stringContaining(expected)]);
    expect(text).toBeDefined();
  });

  it.each([
    ["memory = 0", '4:10 XI2208 memory is "0", which is not a whole number from 1 to 4194304'],
    ["memory = '1x'", '4:10 XI2208 memory is "1x", which is not a whole number'],
    ["memory = []", '4:10 XI2208 memory is "a list", which is not a whole number'],
    ["vcpus = 129", '4:9 XI2208 vcpus is "129", which is not a whole number from 1 to 128'],
    ["vcpus = -1", '4:9 XI2208 vcpus is "-1"'],
    ["kernel = 5", '4:10 XI2208 kernel is "5", which is not a text in quotes'],
    ["cpus = '4'", '4:8 XI2208 cpus is "4", which is not a list of CPUs from 0 to 3, such as "0-2,^1" or "all"'],
    ["cpus = '1,^1'", '4:8 XI2208 cpus is "1,^1", which is not a list that leaves a CPU'],
    ["cpus = '2-1'", '4:8 XI2208 cpus is "2-1"'],
    ["cpus = ['x']", '4:9 XI2208 cpus[0] is "x"'],
    ["vuart = 'pl011'", '4:9 XI2208 vuart is "pl011", which is not one of "sbsa_uart"'],
    ["sve = '100'", '4:7 XI2208 sve is "100", which is not "disabled"'],
    ["on_crash = 'explode'", '4:12 XI2208 on_crash is "explode", which is not one of "destroy"'],
    ["irqs = ['x']", '4:9 XI2208 irqs[0] is "x", which is not the number of an interrupt'],
    ["iomem = ['x']", '4:10 XI2208 iomem[0] is "x", which is not pages'],
    ["dtdev = ['uart']", '4:10 XI2208 dtdev[0] is "uart", which is not the absolute path of a node'],
    ["llc_colors = ['red']", '4:15 XI2208 llc_colors[0] is "red"'],
    ["arm_sci = 'type=x'", '4:11 XI2208 arm_sci is "type=x"'],
    ["cap = 3201", '4:7 XI2208 cap is "3201"'],
    [`extra = ['${"x".repeat(100)}']`, '4:9 XI2208 extra is "a list", which is not a text'],
    [`vuart = '${"x".repeat(100)}'`, `4:9 XI2208 vuart is "${"x".repeat(60)}…", which is not one`],
    ["memory = ", "4:10 XI2260 the end of the file cannot stand here"],
  ])("stops the import, with its place: %j", async (lines, expected) => {
    const { text, findings: told } = await imported(domain + lines);
    expect(told.filter((finding) => !finding.includes("XI2267")).join("\n")).toContain(expected);
    expect(text).toBeUndefined();
  });

  it.each([
    ['kernel="I"; memory=1', "1:1 XI2209 name has no value: domains and pools are known by their names"],
    ['name=""; kernel="I"; memory=1', "1:1 XI2209 name has no value"],
    ['name="a"; memory=1', "1:1 XI2209 kernel has no value: a domain has a kernel"],
    ['name="a"; kernel=""; memory=1', "1:1 XI2209 kernel has no value: a domain has a kernel"],
    ['name="a"; kernel="I"', "1:1 XI2209 memory has no value: a domain has a number of MiB"],
  ])("is missing: %j", async (text, expected) => {
    expect((await imported(text)).findings.join("\n")).toContain(expected);
    expect((await imported(text)).text).toBeUndefined();
  });
});

describe("several files", () => {
  it("are told of in their own words, file by file", async () => {
    const { findings: told } = await importedTogether({ "a.cfg": "name = x\n", "b.cfg": "\nname = y\n" }, "board.dtb");
    expect(told.map((finding) => finding.slice(0, 10))).toEqual(["1:8 XI2260", "2:8 XI2260"]);
  });

  it("are several domains, in their order", async () => {
    const { text } = await importedTogether({ "z.cfg": domain, "a.cfg": store }, "board.dtb");
    expect(text?.indexOf("    web: {")).toBeGreaterThan(0);
    expect(text?.indexOf("    store: {")).toBeGreaterThan(text?.indexOf("    web: {") ?? 0);
  });

  it("of one domain's name are refused (XI2266)", async () => {
    const { text, findings: told } = await importedTogether({ "a.cfg": domain, "b.cfg": domain }, "board.dtb");
    expect(told).toEqual(['1:8 XI2266 "web" is already the name of what "a.cfg" describes']);
    expect(text).toBeUndefined();
  });

  it("of other kinds are refused (XI2265)", async () => {
    const files = { "a.cfg": domain, config: "NUM_DOMUS=1\n", "x.dtb": new Uint8Array([0xd0, 0x0d, 0xfe, 0xed]) };
    const { text, findings: told } = await importedTogether(files, "board.dtb");
    expect(told).toEqual(
      ['"config"', '"x.dtb"'].map((name) => `XI2265 ${name} is no xl.cfg, and only these are imported several at once`),
    );
    expect(text).toBeUndefined();
  });

  it("that are nothing are named (XI2201)", async () => {
    const { findings: told } = await importedTogether({ "a.cfg": domain, b: "Dear reader,", c: "\0" }, "board.dtb");
    expect(told).toEqual([
      expect.stringContaining('XI2201 "b" cannot be imported: no line'),
      expect.stringContaining('XI2201 "c" cannot be imported: it is neither'),
    ]);
  });
});

describe("the board", () => {
  it("is to be named (XI2264), which is told with all other mistakes", async () => {
    const { text, findings: told } = await importedTogether({ "web.cfg": `${domain}a = b` });
    expect(told).toEqual([
      "1:1 XI2264 an xl.cfg does not say which board its domain is for",
      expect.stringContaining("4:5 XI2260"),
    ]);
    expect(text).toBeUndefined();
  });

  it("is refused if its tree is none", async () => {
    const { findings: told } = await importedTogether({ "web.cfg": domain }, "text.dtb");
    expect(told).toEqual([expect.stringContaining('XI2201 "text.dtb" cannot be imported: ')]);
  });

  it("that another kind of file brings along is that file's, and the named one is told of", async () => {
    const config = 'DEVICE_TREE="board.dtb"\nNUM_DOMUS=1\nDOMU_KERNEL[0]="Image"\n';
    const { text, findings: told } = await importedTogether({ config }, "board.dtb");
    expect(told).toEqual(["XI2207 --device-tree is not taken over: the file itself says which board it is"]);
    expect(text).toBeDefined();
  });
});

const anyValue = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(
      "0",
      "1",
      "2",
      "0x10",
      "'a,b=c'",
      "'backend=store,vdev=x,target=/y'",
      "'0-3,^1'",
      "'all'",
      "'9000,1@2'",
    ),
    fc.constantFrom("'id=a,begin=1,size=2,role=owner'", "'destroy'", "'256'", "''", "'path=/a,tag=b,backend=store'"),
    fc.string().map((text) => `"${text.replaceAll(/["\n]/g, "")}"`),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
  ),
})).value;
const lines = fc.array(
  fc
    .tuple(fc.constantFrom(...Object.keys(options), "unknown"), anyValue)
    .map(([name, value]) => `${name} = ${value}\n`),
  { maxLength: 12 },
);

describe("any values whatever", () => {
  property.prop([lines], { numRuns: 1000 })("are imported as text that prettier agrees with, or told", async (some) => {
    const files = { "web.cfg": domain + some.join(""), "store.cfg": store };
    const { text, findings: told } = await importedTogether(files, "board.dtb");
    if (text === undefined) expect(told.join("\n")).toMatch(/XI22(08|09|60|61|66)/);
    else expect(await prettier.format(text, { parser: "typescript" })).toBe(text);
  });
});
