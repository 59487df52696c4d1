import { fc, it as property } from "@fast-check/vitest";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import { importedTogether } from "../testing/request.ts";
import { domain, findings, imported, store } from "../testing/xl.ts";
import { options } from "./options.ts";

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
