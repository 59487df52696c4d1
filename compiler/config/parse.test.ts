import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { catalogue } from "../diagnostics/catalogue.ts";
import { kinds } from "./fields.ts";
import { parseConfig } from "./parse.ts";
import { pvLinks } from "./schema-pv.ts";
import * as schema from "./schema.ts";

const board = { name: "own", parameters: {}, cpus: ["cpu0"], deviceTree: "own.dtb", loadAddress: 0 };
const domain = { kernel: "Image", memory: 2 ** 20 };
const system = { board, domains: { ui: domain } };

describe("a sound configuration", () => {
  it("has its defaults filled in", () => {
    expect(parseConfig(system)).toEqual({
      value: {
        board,
        hypervisor: { bootargs: "console=dtuart", heap: [] },
        cpupools: [],
        domains: [
          {
            name: "ui",
            kernel: "Image",
            cpus: 1,
            memory: { kind: "sized", size: 2 ** 20 },
            directMap: false,
            vpl011: true,
            vcpus: [],
            onShutdown: {},
          },
        ],
        sharedMemory: [],
        eventChannels: [],
        rollbackIndex: 0,
        pv: [],
      },
      diagnostics: [],
    });
  });

  it("may connect ports, and share memory", () => {
    const links = {
      sharedMemory: { frames: { size: "2MiB", owner: "ui", borrowers: ["ui"] } },
      eventChannels: [
        { from: ["ui", 1], to: ["ui", 1023] },
        { from: "ui", to: ["ui", 2] },
      ],
    };
    const { value } = parseConfig({ ...system, ...links });
    expect(value?.sharedMemory).toEqual([{ name: "frames", size: 2 ** 21, owner: "ui", borrowers: ["ui"] }]);
    expect(value?.eventChannels).toEqual([
      [
        { domain: "ui", port: 1 },
        { domain: "ui", port: 1023 },
      ],
      [{ domain: "ui" }, { domain: "ui", port: 2 }],
    ]);
  });

  it("may offer devices of one domain to another", () => {
    const pv = [
      { kind: "net", backend: "ui", frontend: "control", mac: "00:16:3E:0A:00:01", bridge: undefined },
      { kind: "block", backend: "ui", frontend: "control", device: "/dev/vda" },
      { kind: "console", backend: "ui", frontend: "control" },
      { kind: "9pfs", backend: "ui", frontend: "control", path: "/srv", tag: "srv" },
    ];
    expect(parseConfig({ ...system, pv }).value?.pv).toEqual([
      { kind: "net", backend: "ui", frontend: "control", mac: "00:16:3e:0a:00:01" },
      { kind: "block", backend: "ui", frontend: "control", device: "/dev/vda", mode: "w" },
      ...pv.slice(2),
    ]);
  });

  it("takes bootargs of blanks alone for none", () => {
    const [blank, said] = ["  ", " quiet "].map(
      (bootargs) => parseConfig({ ...system, domains: { ui: { ...domain, bootargs } } }).value?.domains[0],
    );
    expect(blank).not.toHaveProperty("bootargs");
    expect(said).toHaveProperty("bootargs", " quiet ");
  });

  it("says what a port may be, and that memory needs somebody who sees it", () => {
    const { diagnostics } = parseConfig({
      ...system,
      sharedMemory: { frames: { size: 4096, borrowers: [] } },
      eventChannels: [{ from: ["ui", 0], to: ["ui", 1] }],
    });
    expect(diagnostics.map(({ help }) => help).join()).toContain("at least one domain");
    expect(diagnostics.map(({ message, help }) => `${message} ${help ?? ""}`).join()).toContain("1 to 1023");
  });

  it.each([
    [{ from: ["ui", 0], to: ["ui", 1] }, ["eventChannels", 0, "from", 1]],
    [{ from: ["ui", 1], to: ["ui", 1024] }, ["eventChannels", 0, "to", 1]],
    [{ from: ["ui"], to: ["ui", 1] }, ["eventChannels", 0, "from"]],
    [{ from: [], to: ["ui", 1] }, ["eventChannels", 0, "from"]],
    [{ from: ["ui", 1, 2], to: "ui" }, ["eventChannels", 0, "from"]],
    [{ from: [1, 1], to: "ui" }, ["eventChannels", 0, "from", 0]],
    [{ from: "ui", to: 1 }, ["eventChannels", 0, "to"]],
    [{ from: "ui", to: "" }, ["eventChannels", 0, "to"]],
    [{ from: ["ui", 1] }, ["eventChannels", 0]],
    ["ui", ["eventChannels", 0]],
  ])("points at what is wrong in the channel %j", (channel, path) => {
    const { diagnostics } = parseConfig({ ...system, eventChannels: [channel] });
    expect(diagnostics.map(({ primary }) => primary?.path)).toEqual([path]);
  });

  it.each([
    [512 * 2 ** 20, 512 * 2 ** 20],
    [4096n, 4096],
    ["512MiB", 512 * 2 ** 20],
    ["1.5 GiB", 1.5 * 2 ** 30],
    ["4_096", 4096],
    ["0x1000", 4096],
  ])("may write a size as %s", (memory, expected) => {
    const { value } = parseConfig({ board, domains: { ui: { ...domain, memory } } });
    expect(value?.domains[0]?.memory).toEqual({ kind: "sized", size: expected });
  });

  it("may write one heap region or several", () => {
    const heap = { at: "0x4000_0000", size: "64KiB" };
    const expected = { start: 0x4000_0000, size: 65536 };
    expect(parseConfig({ ...system, hypervisor: { heap } }).value?.hypervisor.heap).toEqual([expected]);
    const both = { heap: [heap, { ...heap, at: 0n }] };
    expect(parseConfig({ ...system, hypervisor: both }).value?.hypervisor.heap).toEqual([
      expected,
      { start: 0, size: 65536 },
    ]);
  });

  it("takes a field that is undefined for one that is left out", () => {
    const { value } = parseConfig({ board, domains: { ui: { ...domain, pool: undefined, ramdisk: undefined } } });
    expect(Object.keys(value?.domains[0] ?? {})).not.toContain("pool");
  });
});

/** Code, place and message of what is found wrong. */
function findings(value: unknown): readonly string[] {
  return parseConfig(value).diagnostics.map(
    ({ code, message, primary }) => `${code} ${(primary?.path ?? []).join(".")}: ${message}`,
  );
}
const findingsOfDomain = (fields: object): readonly string[] => findings({ board, domains: { ui: fields } });

describe("a mistake", () => {
  it.each<[object, readonly string[]]>([
    [
      { ...domain, kernel: 5 },
      ["XI1001 domains.ui.kernel: domains.ui.kernel is 5, not the path of a kernel in quotes"],
    ],
    [
      { ...domain, memory: true },
      [
        "XI1001 domains.ui.memory: domains.ui.memory is true, not a size such as MiB(512), or banks [{ at: 0x8000_0000, size: MiB(64) }]",
      ],
    ],
    [{ ...domain, cpus: 1.5 }, ["XI1001 domains.ui.cpus: domains.ui.cpus is 1.5, not a whole number of virtual CPUs"]],
    [
      { ...domain, enhanced: 3 },
      ['XI1001 domains.ui.enhanced: domains.ui.enhanced is 3, not true, false, "no-xenstore" or "legacy"'],
    ],
    [{ ...domain, memroy: 1 }, ['XI1002 domains.ui.memroy: domain "ui" has no field "memroy"']],
    [{ kernel: "Image" }, ['XI1003 domains.ui: domain "ui" needs "memory"']],
    [{ ...domain, cpus: 0 }, ["XI1004 domains.ui.cpus: domains.ui.cpus is 0, outside 1 to 128"]],
    [{ ...domain, cpus: 129 }, ["XI1004 domains.ui.cpus: domains.ui.cpus is 129, outside 1 to 128"]],
    [{ ...domain, console: "vpl01" }, ['XI1005 domains.ui.console: domains.ui.console cannot be "vpl01"']],
    [{ ...domain, enhanced: "xenstore" }, ['XI1005 domains.ui.enhanced: domains.ui.enhanced cannot be "xenstore"']],
    [{ ...domain, weight: 0 }, ["XI1004 domains.ui.weight: domains.ui.weight is 0, outside 1 to 65535"]],
    [{ ...domain, cap: 3201 }, ["XI1004 domains.ui.cap: domains.ui.cap is 3201, outside 1 to 3200"]],
    [
      { ...domain, cap: 0.5 },
      ["XI1001 domains.ui.cap: domains.ui.cap is 0.5, not a whole number, such as 50: percent of one CPU"],
    ],
    [
      { ...domain, rtds: { budget: 9 } },
      ["XI1004 domains.ui.rtds.budget: domains.ui.rtds.budget is 9, outside 10 to 1000000"],
    ],
    [{ ...domain, rtds: { budged: 9 } }, ['XI1002 domains.ui.rtds.budged: rtds of "ui" has no field "budged"']],
    [
      { ...domain, vcpus: [7] },
      ["XI1001 domains.ui.vcpus.0: domains.ui.vcpus[0] is 7, not an object { affinity, rtds }"],
    ],
    [
      { ...domain, vcpus: [{ affinity: [] }] },
      ["XI1008 domains.ui.vcpus.0.affinity: domains.ui.vcpus[0].affinity has no CPU"],
    ],
    [{ ...domain, onCrash: "reboot" }, ['XI1005 domains.ui.onCrash: domains.ui.onCrash cannot be "reboot"']],
    [{ ...domain, nrSpis: 989 }, ["XI1004 domains.ui.nrSpis: domains.ui.nrSpis is 989, outside 0 to 988"]],
    [
      { ...domain, p2mMemory: 4096 },
      ["XI1020 domains.ui.p2mMemory: domains.ui.p2mMemory is 4096, no multiple of 1 MiB"],
    ],
    [{ ...domain, p2mMemory: "much" }, ['XI1007 domains.ui.p2mMemory: domains.ui.p2mMemory: "much" is no size']],
    [{ ...domain, sve: 200 }, ["XI1020 domains.ui.sve: domains.ui.sve is 200, no multiple of 128"]],
    [{ ...domain, sve: 2176 }, ["XI1004 domains.ui.sve: domains.ui.sve is 2176, outside 0 to 2048"]],
    [
      { ...domain, sve: "wide" },
      ['XI1001 domains.ui.sve: domains.ui.sve is "wide", not true, false or a number of bits, such as 256'],
    ],
    [
      { ...domain, llcColors: "0,-3" },
      ['XI1021 domains.ui.llcColors: domains.ui.llcColors: "0,-3" is no list of colours'],
    ],
    [
      { ...domain, grants: { version: 3 } },
      ["XI1001 domains.ui.grants.version: domains.ui.grants.version is 3, not 1 or 2"],
    ],
    [{ ...domain, grants: { frame: 1 } }, ['XI1002 domains.ui.grants.frame: grants of "ui" has no field "frame"']],
    [
      { ...domain, capabilities: ["root"] },
      ['XI1005 domains.ui.capabilities.0: domains.ui.capabilities[0] cannot be "root"'],
    ],
    [{ ...domain, memory: "512MB" }, ['XI1007 domains.ui.memory: domains.ui.memory: "512MB" is no size']],
    [{ ...domain, memory: -1 }, ["XI1007 domains.ui.memory: domains.ui.memory: -1 is no size"]],
    [{ ...domain, memory: 0 }, ["XI1007 domains.ui.memory: domains.ui.memory: 0 is no size"]],
    [
      { ...domain, memory: Number.NaN },
      [
        "XI1001 domains.ui.memory: domains.ui.memory is NaN, not a size such as MiB(512), or banks [{ at: 0x8000_0000, size: MiB(64) }]",
      ],
    ],
    [
      { ...domain, memory: 2n ** 70n },
      ["XI1007 domains.ui.memory: domains.ui.memory: 1180591620717411303424n is no size"],
    ],
    [{ ...domain, memory: [] }, ["XI1008 domains.ui.memory: domains.ui.memory has no memory bank"]],
    [
      { ...domain, memory: [{ at: 0, sise: 1 }] },
      [
        'XI1003 domains.ui.memory.0: a memory bank of "ui" needs "size"',
        'XI1002 domains.ui.memory.0.sise: a memory bank of "ui" has no field "sise"',
      ],
    ],
    [
      { ...domain, memory: [{ at: "top", size: 1 }] },
      ['XI1007 domains.ui.memory.0.at: domains.ui.memory[0].at: "top" is no address'],
    ],
    [{ ...domain, memory: [7] }, ["XI1001 domains.ui.memory.0: domains.ui.memory[0] is 7, not a region { at, size }"]],
    [{ ...domain, kernel: "" }, ["XI1008 domains.ui.kernel: domains.ui.kernel has no text"]],
    [
      { ...domain, bootargs: "a\0b" },
      ["XI1009 domains.ui.bootargs: domains.ui.bootargs contains the control character U+0000"],
    ],
  ])("in the domain %o is told with its place", (fields, expected) => {
    expect(findingsOfDomain(fields)).toEqual(expected);
  });

  it.each<[unknown, string]>([
    [null, "XI1001 : the configuration is null, not an object: defineSystem({ board, domains })"],
    [[], "XI1001 : the configuration is a list, not an object: defineSystem({ board, domains })"],
    [{ domains: { ui: domain } }, 'XI1003 : the configuration needs "board"'],
    [{ board, domains: {} }, "XI1008 domains: domains has no domain"],
    [{ board, domains: { "a b": domain } }, 'XI1006 domains.a b: "a b" cannot name a domain'],
    [{ board, domains: { hypervisor: domain } }, 'XI1006 domains.hypervisor: "hypervisor" cannot name a domain'],
    [{ board, domains: { "..": domain } }, 'XI1006 domains...: ".." cannot name a domain'],
    [{ ...system, cpupools: { "": { cpus: ["cpu0"] } } }, 'XI1006 cpupools.: "" cannot name a pool'],
    [
      { ...system, domains: { ui: domain, ["__proto__"]: domain } },
      'XI1006 domains.__proto__: "__proto__" cannot name a domain',
    ],
    [
      { ...system, cpupools: { ["__proto__"]: { cpus: ["cpu0"] } } },
      'XI1006 cpupools.__proto__: "__proto__" cannot name a pool',
    ],
    [
      {
        ...system,
        sharedMemory: {
          frames: { size: "2MiB", borrowers: ["ui"], guestAt: JSON.parse('{"__proto__": 4096}') as object },
        },
      },
      'XI1006 sharedMemory.frames.guestAt.__proto__: "__proto__" cannot name a domain',
    ],
    [
      { ...system, sharedMemory: { ["__proto__"]: { size: "2MiB", borrowers: ["ui"] } } },
      'XI1006 sharedMemory.__proto__: "__proto__" cannot name a shared memory',
    ],
    [{ ...system, cpupools: { a: { cpus: [] } } }, "XI1008 cpupools.a.cpus: cpupools.a.cpus has no CPU"],
    [
      { ...system, cpupools: { a: { cpus: ["cpu0"], scheduler: "credit3" } } },
      'XI1005 cpupools.a.scheduler: cpupools.a.scheduler cannot be "credit3"',
    ],
    [
      { ...system, hypervisor: { heap: 3 } },
      "XI1001 hypervisor.heap: hypervisor.heap is 3, not a region { at: 0x7000_0000, size: MiB(128) }, or a list of them",
    ],
    [
      { ...system, board: { ...board, deviceTree: 3 } },
      "XI1001 board.deviceTree: board.deviceTree is 3, not the path of a device tree blob, or its bytes",
    ],
    [
      { ...system, board: { ...board, parameters: { a: [] } } },
      "XI1001 board.parameters.a: board.parameters.a is a list, not text, a number or a boolean",
    ],
    [
      { ...system, board: { ...board, cpus: ["cpu0", "cpu1", "cpu0"] } },
      'XI1010 board.cpus.2: board.cpus[2]: "cpu0" is the label of another CPU already',
    ],
    [{ ...system, board: { ...board, emulator: {} } }, 'XI1003 board.emulator: the board\'s emulator needs "args"'],
  ])("in the system %o is told with its place", (value, expected) => {
    expect(findings(value)).toContain(expected);
  });

  it.each<[unknown, string]>([
    [3, "XI1001 pv.0: pv[0] is 3, not a link { kind, backend, frontend, … }"],
    [{}, 'XI1003 pv.0: PV link 0 needs "kind"'],
    [{ kind: "nett" }, 'XI1005 pv.0.kind: pv[0].kind cannot be "nett"'],
    [{ kind: 3 }, 'XI1001 pv.0.kind: pv[0].kind is 3, not one of "net", "block", "console", "9pfs"'],
    [{ kind: "block", backend: "a", frontend: "b" }, 'XI1003 pv.0: PV link 0 needs "device"'],
    [{ kind: "console", backend: "a", frontend: "b", mac: "" }, 'XI1002 pv.0.mac: PV link 0 has no field "mac"'],
    [
      { kind: "block", backend: "a", frontend: "b", device: "c", mode: "rw" },
      'XI1005 pv.0.mode: pv[0].mode cannot be "rw"',
    ],
    [
      { kind: "net", backend: "a", frontend: "b", mac: "00:16:3e:00:00" },
      'XI1022 pv.0.mac: pv[0].mac: "00:16:3e:00:00" is no MAC address of an interface',
    ],
  ])("in the PV link %o is told with its place", (link, expected) => {
    expect(findings({ ...system, pv: [link] })).toContain(expected);
  });

  it("in a PV link is helped with the fields of its kind", () => {
    const link = { kind: "block", backend: "a", frontend: "b", device: "c", nam: "xvda" };
    const helps = parseConfig({ ...system, pv: [link] }).diagnostics.map(({ help }) => help);
    expect(helps).toEqual(['did you mean "name"?']);
    const [{ help } = {}] = parseConfig({ ...system, pv: [{ ...link, nam: undefined, mac: "" }] }).diagnostics;
    expect(help).not.toContain("mac");
  });

  it("comes with the name that was most likely meant", () => {
    const [diagnostic] = parseConfig({ board, domains: { ui: { ...domain, memroy: 1 } } }).diagnostics;
    expect(diagnostic?.help).toBe('did you mean "memory"?');
  });

  it("does not hide others", () => {
    expect(findings({ bord: board, domains: { a: 1, b: { ...domain, cpus: "2" } } })).toHaveLength(4);
  });
});

const jsonLike = fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true });
/** Values that are wrong in one place deep inside, where the schema's own branches are. */
const nearlySystem = fc.record(
  {
    board: fc.oneof(fc.constant(board), jsonLike),
    hypervisor: fc.record({ heap: jsonLike, bootargs: jsonLike }, { requiredKeys: [] }),
    cpupools: fc.dictionary(fc.string(), fc.oneof(jsonLike, fc.record({ cpus: jsonLike, scheduler: jsonLike }))),
    domains: fc.dictionary(
      fc.string(),
      fc.record(
        {
          kernel: fc.oneof(fc.constant("Image"), jsonLike),
          memory: fc.oneof(jsonLike, fc.array(fc.record({ at: jsonLike, size: jsonLike }))),
          cpus: jsonLike,
          enhanced: jsonLike,
          console: jsonLike,
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);

describe("any value whatever", () => {
  const withVcpus = (vcpus: unknown): unknown => ({ board, domains: { a: { ...domain, vcpus } } });

  it.each([
    ["a list", new Array(100_000).fill(1)],
    ["a list with holes", Object.assign([], { length: 4_000_000 })],
    ["lists of lists", new Array(1000).fill(new Array(1000).fill(1))],
    ["an object", Object.fromEntries(new Array(100_000).entries())],
  ])("is not looked at where it is too large: %s", (_what, vcpus) => {
    const [only, ...others] = parseConfig(withVcpus(vcpus)).diagnostics;
    expect({ only, others }).toMatchObject({ only: { code: "XI1013" }, others: [] });
    expect(only?.primary?.path?.slice(0, 3)).toEqual(["domains", "a", "vcpus"]);
  });

  it("has a finding for each of as many wrong values as there can be", () => {
    expect(parseConfig(withVcpus(new Array(90_000).fill(1))).diagnostics).toHaveLength(90_000);
  });

  property.prop([fc.oneof(jsonLike, nearlySystem)], { numRuns: 500 })("is sound or has diagnostics", (value) => {
    const { value: checked, diagnostics } = parseConfig(value);
    expect(checked === undefined).toBe(diagnostics.length > 0);
    for (const { code, message } of diagnostics) {
      expect(Object.keys(catalogue)).toContain(code);
      expect(message).not.toContain("undefined");
    }
  });
});

describe("the words for fields", () => {
  it("cover exactly the schema", () => {
    const shapes = {
      system: schema.system.shape,
      board: schema.board.shape,
      emulator: schema.board.shape.emulator.unwrap().shape,
      hypervisor: schema.hypervisor.shape,
      pool: schema.pool.shape,
      domain: schema.domain.shape,
      sharedMemory: schema.sharedMemory.shape,
      eventChannel: schema.eventChannel.in.shape,
      grants: schema.domain.shape.grants.unwrap().shape,
      ...Object.fromEntries(Object.entries(pvLinks).map(([kind, { shape }]) => [kind, shape])),
      region: schema.region.in.shape,
    };
    for (const [kind, shape] of Object.entries(shapes))
      expect(Object.keys(kinds[kind as keyof typeof shapes].fields), kind).toEqual(Object.keys(shape));
  });
});
