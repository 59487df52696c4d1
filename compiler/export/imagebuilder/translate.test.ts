import { fc, it as property } from "@fast-check/vitest";
import { addNode, decode, encode, node, property as treeProperty, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../../boards/index.ts";
import { GiB, MiB, physAddr } from "../../base/units.ts";
import type { DomainInput, SystemInput } from "../../config/input.ts";
import type { Outcome } from "../../diagnostics/diagnostic.ts";
import type { Target, XenVersion } from "../../ir/target.ts";
import { files, placedSystem, twoDomains } from "../../testing/system.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Exported } from "../request.ts";
import { exportImageBuilder } from "./translate.ts";

const { board } = twoDomains;
const xen = (version: XenVersion): Target => ({ hypervisor: "xen", version });

const outcomeOf = (placed: PlacedSystem): Outcome<Exported> =>
  exportImageBuilder({ placed, stem: "out", hypervisor: "core.img", pathFor: (path) => `../${path}` });

const exported = async (
  system: SystemInput,
  target?: Target,
  table: Readonly<Record<string, Uint8Array>> = files,
): Promise<Outcome<Exported>> => outcomeOf(await placedSystem(system, target, table));

const findings = ({ diagnostics }: Outcome<Exported>): readonly string[] =>
  diagnostics.map(({ code, message, primary }) => `${code} ${primary?.path?.join(".")} ${message}`);

/** A system of one domain, whose kernel and memory are given. */
const one = (domain: Partial<DomainInput>, rest: Partial<SystemInput> = {}): SystemInput => ({
  board,
  ...rest,
  domains: { ui: { kernel: "Image", memory: MiB(64), bootargs: "quiet", ...domain } },
});

const everything: SystemInput = {
  board,
  hypervisor: { bootargs: "console=dtuart", heap: { at: 0x7000_0000, size: MiB(128) } },
  cpupools: { pool0: { cpus: ["cpu0", "cpu1"] }, realtime: { cpus: ["cpu2", "cpu3"], scheduler: "null" } },
  domains: {
    domU0: {
      kernel: "Image",
      ramdisk: "rootfs.cpio",
      bootargs: "console=ttyAMA0 quiet",
      cpus: 2,
      pool: "pool0",
      memory: MiB(64),
      enhanced: "no-xenstore",
      vcpus: [{ affinity: ["cpu1", "cpu0"] }, { affinity: ["cpu0"] }],
      passthrough: ["pl031"],
    },
    control: {
      kernel: "Image2",
      pool: "realtime",
      memory: [
        { at: 0x8000_0000, size: MiB(32) },
        { at: 0x9000_0000, size: MiB(2) },
      ],
      directMap: true,
      console: "none",
      enhanced: "no-xenstore",
    },
    third: { kernel: "Image2", memory: [{ at: 0x9800_0000, size: MiB(32) }], pool: "realtime" },
  },
  sharedMemory: { frames: { at: 0xa000_0000, size: MiB(2), borrowers: ["domU0", "third"] } },
  eventChannels: [
    { from: ["domU0", 10], to: ["control", 11] },
    { from: "third", to: ["domU0", 12] },
  ],
};

describe("an exported system", () => {
  it("is what a person would have written", async () => {
    const { value } = await exported(everything);
    expect(value?.text).toMatchInlineSnapshot(`
      "# ImageBuilder's configuration, by xenimg export. With files on a TFTP server, for one:
      # uboot-script-gen -c <this file> -d <its folder> -t tftp

      MEMORY_START="0x40200000"
      MEMORY_END="0x70000000"

      DEVICE_TREE="out.dtb"
      XEN="core.img"
      XEN_CMD="console=dtuart"
      XEN_STATIC_HEAP="0x70000000 0x8000000"

      NUM_CPUPOOLS=2
      CPUPOOL[0]="cpu@0,cpu@1"
      XENIMG_CPUPOOL_NAME[1]="realtime"
      CPUPOOL[1]="cpu@2,cpu@3 null"

      NUM_DOMUS=3

      DOMU_KERNEL[0]="../Image"
      DOMU_RAMDISK[0]="../rootfs.cpio"
      DOMU_CMD[0]="console=ttyAMA0 quiet"
      DOMU_MEM[0]=64
      DOMU_VCPUS[0]=2
      DOMU_CPUPOOL[0]=0
      declare -A DOMU_VCPU_HARD_AFFINITY
      DOMU_VCPU_HARD_AFFINITY[0,0]="0-1"
      DOMU_VCPU_HARD_AFFINITY[0,1]=0
      DOMU_ENHANCED[0]=2
      DOMU_PASSTHROUGH_PATHS[0]="/pl031@9010000"
      DOMU_PASSTHROUGH_DTB[0]="out-domU0.dtb"
      DOMU_SHARED_MEM[0]="frames 0xa0000000 0x33000000 0x200000"
      DOMU_STATIC_EVTCHNS[0]="10 1 11; 12 2 1"

      XENIMG_DOMU_NAME[1]="control"
      DOMU_KERNEL[1]="../Image2"
      DOMU_STATIC_MEM[1]="0x80000000 0x2000000 0x90000000 0x200000"
      DOMU_CPUPOOL[1]=1
      DOMU_VPL011[1]=0
      DOMU_ENHANCED[1]=2
      DOMU_STATIC_EVTCHNS[1]="11 0 10"

      XENIMG_DOMU_NAME[2]="third"
      DOMU_KERNEL[2]="../Image2"
      DOMU_CMD[2]=" "
      DOMU_STATIC_MEM[2]="0x98000000 0x2000000"
      DOMU_DIRECT_MAP[2]=0
      DOMU_CPUPOOL[2]=1
      DOMU_SHARED_MEM[2]="frames 0xa0000000 0x33000000 0x200000"
      DOMU_STATIC_EVTCHNS[2]="1 0 12"

      UBOOT_SOURCE="boot.source"
      UBOOT_SCRIPT="boot.scr"
      "
    `);
    expect(value?.files.map(({ path }) => path)).toEqual(["out.dtb", "out-domU0.dtb"]);
  });

  it("has what later releases know", async () => {
    const domain: Partial<DomainInput> = {
      grants: { version: 1, frames: 32, maptrackFrames: 0 },
      capabilities: ["control", "xenstore"],
      trapUnmappedAccesses: false,
      p2mMemory: MiB(8),
      passthroughPolicy: "enabled",
    };
    const { value } = await exported(one(domain), xen("4.22"));
    expect(value?.text.match(/^DOMU_(?!KERNEL|CMD|MEM).*$/gm)).toEqual([
      "DOMU_GRANT_VER[0]=1",
      "DOMU_GRANT_FRAMES[0]=32",
      "DOMU_MAPTRACK_FRAMES[0]=0",
      "DOMU_CAPS[0]=5",
      "DOMU_TRAP_UNMAP[0]=0",
      "DOMU_P2M_MEM_MB[0]=8",
      'DOMU_PASSTHROUGH_PROP[0]="enabled"',
    ]);
    const single = await exported(one({ capabilities: ["control"] }), xen("4.22"));
    expect(single.value?.text).toContain('DOMU_CAPS[0]="control"\n');
  });

  it("has a blank where a guest with a console has no command line", async () => {
    const text = async (console: "vpl011" | "none") =>
      (await exported({ board, domains: { ui: { kernel: "Image", memory: MiB(64), console } } })).value?.text;
    expect(await text("vpl011")).toContain('DOMU_CMD[0]=" "\n');
    expect(await text("none")).not.toContain("DOMU_CMD");
  });

  it("says nothing of what is the default anyway", async () => {
    const defaults: Partial<DomainInput> = { sve: false, sci: "none", capabilities: [], passthroughPolicy: "disabled" };
    const plain = await exported(one({}), xen("4.22"));
    expect((await exported(one(defaults), xen("4.22"))).value).toEqual(plain.value);
  });
});

describe("the board's device tree", () => {
  const own = { ...board, name: "own", deviceTree: "own.dtb" };
  const table = { ...files, "own.dtb": qemuVirt({ gic: 3, cpus: 4, memory: GiB(2) }).deviceTree };

  it("is the file that the configuration names", async () => {
    const { value } = await exported(one({}, { board: own }), undefined, table);
    expect(value?.text).toContain('DEVICE_TREE="../own.dtb"\n');
    expect(value?.files).toEqual([]);
  });

  it("is a new one where that has another system in /chosen, without it", async () => {
    const decoded = decode(table["own.dtb"]);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const domain = node("old", { properties: [treeProperty("compatible", strings("xen,domain"))] });
    const used = encode(addNode(decoded.value, "/chosen", domain));
    const { value } = await exported(one({}, { board: own }), undefined, { ...table, "own.dtb": used });
    expect(value?.text).toContain('DEVICE_TREE="out.dtb"\n');
    const written = value?.files[0]?.pieces[0];
    const clean = written instanceof Uint8Array ? decode(written) : undefined;
    expect(clean?.ok && clean.value).toEqual(decoded.value);
  });
});

describe("what ImageBuilder cannot say", () => {
  const pair = { kernel: "Image", memory: MiB(64) };
  const shared = (owner?: "a"): Partial<SystemInput> => ({
    domains: { a: pair, b: pair },
    sharedMemory: {
      frames: { size: MiB(2), borrowers: owner ? ["b"] : ["a", "b"], ...(owner && { owner }) },
      ...(owner === undefined && { words: { size: MiB(2), borrowers: ["b"] } }),
    },
  });
  it.each<[string, string, SystemInput, Target?]>([
    ["XI2250", "rollbackIndex", one({}, { rollbackIndex: 1 })],
    ["XI2250", "domains.ui.weight", one({ weight: 512 })],
    ["XI2250", "domains.ui.cap", one({ cap: 50 })],
    [
      "XI2250",
      "domains.ui.rtds",
      one({ pool: "p", rtds: { budget: 1000 } }, { cpupools: { p: { cpus: ["cpu3"], scheduler: "rtds" } } }),
    ],
    [
      "XI2250",
      "domains.ui.vcpus.0.rtds",
      one(
        { pool: "p", vcpus: [{ rtds: { budget: 1000 } }] },
        { cpupools: { p: { cpus: ["cpu3"], scheduler: "rtds" } } },
      ),
    ],
    [
      "XI2250",
      "cpupools.p.schedule",
      one(
        { pool: "p" },
        {
          cpupools: {
            p: { cpus: ["cpu3"], scheduler: "arinc653", schedule: { windows: [{ domain: "ui", duration: 1000 }] } },
          },
        },
      ),
    ],
    ["XI2250", "domains.ui.onCrash", one({ onCrash: "restart" })],
    ["XI2250", "domains.ui.nrSpis", one({ nrSpis: 64 })],
    ["XI2250", "domains.ui.sve", one({ sve: 256 }), xen("4.22")],
    ["XI2250", "domains.ui.sci", one({ sci: "scmi_smc" }), xen("4.22")],
    [
      "XI2250",
      "domains.ui.llcColors",
      one({ llcColors: "0-3" }, { hypervisor: { bootargs: "console=dtuart llc-coloring=on" } }),
      xen("4.22"),
    ],
    ["XI2250", "hypervisor.xsmPolicy", one({}, { hypervisor: { xsmPolicy: "xenpolicy" } }), xen("4.17")],
    ["XI2250", "sharedMemory.frames.owner", { ...one({}), ...shared("a") }],
    ["XI2250", "sharedMemory.words", { ...one({}), ...shared() }],
    ["XI2251", "domains.ui.memory", one({ memory: MiB(64) + 4096 })],
    ["XI2251", "domains.ui.bootargs", one({ bootargs: 'a="b"' })],
    ["XI2251", "domains.ui.bootargs", one({ bootargs: "a=$b" })],
    ["XI2251", "domains.ui.bootargs", one({ bootargs: String.raw`a\b` })],
    ["XI2251", "hypervisor.bootargs", one({}, { hypervisor: { bootargs: "" } })],
  ])("stops the export, at its place: %s %s", async (code, place, system, target) => {
    const outcome = await exported(system, target);
    expect(findings(outcome).filter((finding) => finding.startsWith("XI225") && !/XI225[345]/.test(finding))).toEqual([
      expect.stringContaining(`${code} ${place} `),
    ]);
    expect(outcome.value).toBeUndefined();
  });

  it("is what no check lets through before there is a XenStore: the older interfaces, and PV links", async () => {
    const placed = await placedSystem(one({}));
    const domains = placed.domains.map((domain) => ({
      ...domain,
      resolved: { ...domain.resolved, enhanced: "legacy" as const },
    }));
    const pv = [{ kind: "console", backend: "ui", frontend: "ui" }] as const;
    const resolved: ResolvedSystem = { ...placed.resolved, pv };
    expect(findings(outcomeOf({ ...placed, domains, resolved }))).toEqual([
      expect.stringContaining('XI2250 domains.ui.enhanced "legacy" of domain "ui" cannot'),
      expect.stringContaining("XI2250 pv.0 the console link"),
    ]);
  });

  it.each(["my kernel", "-kernel", "a$b", "a;b", "a'b", "a(b)"])("is a file by the name %j", async (kernel) => {
    const placed = await placedSystem(one({ kernel }), undefined, { ...files, [kernel]: files.Image });
    const outcome = exportImageBuilder({ placed, stem: "out", hypervisor: "core.img", pathFor: (path) => path });
    expect(findings(outcome)).toEqual([expect.stringContaining(`XI2251 domains.ui.kernel "${kernel}" cannot be`)]);
  });
});

describe("what the user has to know", () => {
  it("is how old an ImageBuilder may be, once for each variable", async () => {
    const two = {
      ...one({ console: "none" }).domains,
      other: { kernel: "Image", memory: MiB(64), console: "none" },
    } as const;
    expect(findings(await exported({ board, domains: two }))).toEqual([
      expect.stringContaining(
        "XI2253 domains.ui.console ImageBuilder reads DOMU_VPL011 as it is written here since 2024-04",
      ),
    ]);
  });

  it("is that domains have other numbers, where one may name others by number", async () => {
    const domains = {
      a: { kernel: "Image", memory: MiB(64) },
      b: { kernel: "Image", memory: MiB(64), enhanced: "no-xenstore" } as const,
    };
    expect(findings(await exported({ board, domains }))).toEqual([
      expect.stringContaining("XI2253 domains.b.enhanced "),
      expect.stringContaining("XI2254 domains.b.enhanced "),
    ]);
    expect(findings(await exported(one({ enhanced: "no-xenstore" })))).toEqual([expect.stringContaining("XI2253 ")]);
  });

  it("is that options of dom0 are left out", async () => {
    const outcome = await exported(one({}, { hypervisor: { bootargs: "console=dtuart dom0_mem=1G" } }));
    expect(findings(outcome)).toEqual([
      expect.stringContaining("XI2255 hypervisor.bootargs ImageBuilder leaves out dom0_mem=1G,"),
    ]);
  });
});

describe("the window of load addresses", () => {
  const window = async (system: SystemInput) => (await exported(system)).value?.text.match(/^MEMORY_.*$/gm);

  it("begins where the board's loader likes images, and ends before what has an address", async () => {
    expect(await window(one({}))).toEqual(['MEMORY_START="0x40200000"', 'MEMORY_END="0xbc000000"']);
    expect(await window(one({ memory: [{ at: 0x6000_0000, size: MiB(64) }] }))).toEqual([
      'MEMORY_START="0x40200000"',
      'MEMORY_END="0x60000000"',
    ]);
  });

  it("is an error where no stretch is long enough", async () => {
    const placed = await placedSystem(one({}));
    const reserved = [{ name: "all but 6 MiB", start: physAddr(0x4060_0000), size: GiB(2) - MiB(6) }];
    const resolved = { ...placed.resolved, board: { ...placed.resolved.board, reserved } };
    const outcome = outcomeOf({ ...placed, resolved });
    expect(findings(outcome)).toEqual([expect.stringContaining("XI2252 board no RAM that nobody has")]);
    expect(outcome.value).toBeUndefined();
  });

  it("is never where U-Boot itself is, at the top of RAM", async () => {
    const memory = [{ at: 0x4060_0000, size: 0xbc00_0000 - 0x4060_0000 }];
    const outcome = await exported(one({ memory }));
    expect(findings(outcome)).toEqual([expect.stringContaining("XI2252 board no RAM that nobody has")]);
  });

  it("is elsewhere where that is too short", async () => {
    const memory = [{ at: 0x4040_0000, size: MiB(64) }];
    expect(await window(one({ memory }))).toEqual(['MEMORY_START="0x44400000"', 'MEMORY_END="0xbc000000"']);
  });
});

const hostile = fc
  .array(
    fc.constantFrom("'", "`id`", "; id", "$(id)", '"', "\\", "#", "!", "&", "|", ">", "é", " ", "a", "=", "~", "*"),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(""));

describe("any command line whatever", () => {
  property.prop([hostile], { numRuns: 60 })("comes through as it is, or is told", async (bootargs) => {
    const outcome = await exported(one({ bootargs: `x${bootargs}` }));
    if (/["$\\]/.test(bootargs))
      expect(findings(outcome)).toEqual([expect.stringContaining("XI2251 domains.ui.bootargs ")]);
    // What bash makes of such a line is tested in print.test.ts; without these three it is the text between the quotes, but for
    // the back-tick.
    else {
      const quote = bootargs.includes("`") ? "'" : '"';
      const text = quote === "'" ? bootargs.replaceAll("'", String.raw`'\''`) : bootargs;
      expect(outcome.value?.text).toContain(`\nDOMU_CMD[0]=${quote}x${text}${quote}\n`);
    }
  });
});
