import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import type { Range } from "../base/ranges.ts";
import { contains, endOf, overlapOf } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { GiB, KiB, MiB, bytes, formatSize, physAddr } from "../base/units.ts";
import { hasErrors } from "../diagnostics/collection.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { DomainMemory, ResolvedDomain, ResolvedSystem } from "../ir/resolved.ts";
import type { Layout } from "./layout.ts";
import { layoutSystem } from "./layout.ts";

interface Sketch {
  readonly memory?: DomainMemory;
  readonly kernel?: number;
  readonly bss?: number;
  readonly ramdisk?: number;
  readonly textOffset?: number;
  readonly directMap?: boolean;
}

const at = (start: number, size: number): Range<PhysAddr> => ({ start: physAddr(start), size });
const sized = (size: number): DomainMemory => ({ kind: "sized", size: bytes(size) });
const banks = (...ranges: readonly Range<PhysAddr>[]): DomainMemory => ({ kind: "static", banks: ranges });

function domain(name: string, sketch: Sketch): ResolvedDomain {
  const { memory = sized(MiB(64)), kernel = KiB(64), bss = 0, ramdisk, textOffset = 0, directMap = false } = sketch;
  const imageSize = bytes(kernel + bss);
  return {
    name,
    kernel: {
      file: { path: name, bytes: new Uint8Array(kernel) },
      format: { kind: "arm64-image", textOffset, imageSize, littleEndian: true, hypervisor: false },
    },
    ...(ramdisk !== undefined && { ramdisk: { path: "rd", bytes: new Uint8Array(ramdisk) } }),
    cpus: 1,
    memory,
    directMap,
    vpl011: true,
    vcpus: [],
    onShutdown: {},
  };
}

interface World {
  readonly ram?: readonly Range<PhysAddr>[];
  readonly reserved?: readonly Range<PhysAddr>[];
  readonly heap?: readonly Range<PhysAddr>[];
  readonly core?: number;
  readonly xen?: boolean;
  readonly loadAddress?: number;
  readonly channels?: ResolvedSystem["eventChannels"];
  readonly pv?: ResolvedSystem["pv"];
}

function system(domains: readonly Sketch[] | Readonly<Record<string, Sketch>>, world: World = {}): ResolvedSystem {
  const { ram = [at(0x4000_0000, GiB(2))], reserved = [], heap = [], core = MiB(1), xen = false } = world;
  const profile = qemuVirt({ gic: 3, cpus: 1, memory: GiB(2) });
  return {
    name: "board",
    target: xen ? { hypervisor: "xen", version: "4.17" } : { hypervisor: "core" },
    rollbackIndex: 0,
    board: {
      profile: { ...profile, loadAddress: world.loadAddress ?? profile.loadAddress },
      ram,
      reserved: reserved.map((range, index) => ({ name: `reserved${index}`, ...range })),
      cpus: [{ label: "cpu0", path: "/cpus/cpu@0", mpidr: 0, compatible: [] }],
      timer: true,
      levels: 3,
      clusters: [],
      uarts: [],
      iommus: [],
      deviceTree: profile.deviceTree,
      ppis: {},
      gic: { version: 3, distributor: at(0x800_0000, 0x1_0000), redistributors: [] },
      mmio: [],
    },
    hypervisor: {
      image: {
        file: { path: "core.img", bytes: new Uint8Array(4096) },
        kind: xen ? "xen" : "core",
        imageSize: bytes(core),
      },
      bootargs: "",
      staticHeap: heap,
    },
    cpupools: [],
    sharedMemory: [],
    eventChannels: world.channels ?? [],
    pv: world.pv ?? [],
    domains: Object.entries(domains).map(([name, sketch]) =>
      domain(Array.isArray(domains) ? `d${name}` : name, sketch),
    ),
  };
}

function layout(...input: Parameters<typeof system>): Layout {
  const { value, diagnostics } = layoutSystem(system(...input), undefined);
  if (value === undefined) throw new Error(diagnostics.map(({ code, help }) => `${code} ${help ?? ""}`).join());
  return value;
}
const codes = (outcome: Outcome<unknown>): readonly string[] => outcome.diagnostics.map(({ code }) => code);
const ofKind = ({ placed }: Layout, kind: string): readonly Range<PhysAddr>[] =>
  placed.regions.filter((region) => region.kind === kind).map(({ range }) => range);

describe("the image", () => {
  it("is hypervisor, device tree window and modules, each on 2 MiB, where the loader puts it by itself", () => {
    const { placed } = layout([{ kernel: 5000, ramdisk: 100 }, { kernel: MiB(3) }], { core: MiB(3) });
    expect(placed.image).toEqual(at(0x4020_0000, MiB(13)));
    expect(placed.hypervisor).toEqual(at(0x4020_0000, MiB(3)));
    expect(placed.deviceTree).toEqual(at(0x4060_0000, MiB(2)));
    expect(placed.modules.map(({ at }) => at)).toEqual([
      at(0x4080_0000, 5000),
      at(0x40a0_0000, 100),
      at(0x40c0_0000, MiB(3)),
    ]);
    expect(endOf(placed.image)).toBe(0x40f0_0000);
  });

  it("goes to the lowest place where something is in the loader's", () => {
    const { placed } = layout([{}], { reserved: [at(0x4030_0000, 100)], heap: [at(0x4040_0000, MiB(512))] });
    expect(placed.image.start).toBe(0x6040_0000);
  });

  it("that finds no place is told where places begin", () => {
    const outcome = layoutSystem(system([{ kernel: MiB(64) }], { ram: [at(0x4010_0000, MiB(32))] }), undefined);
    expect(codes(outcome)).toEqual(["XI5001"]);
    expect(outcome.diagnostics[0]?.help).toContain("valid ranges are [0x40200000, 0x42100000)");
  });
});

describe("memory by size", () => {
  it("is the lowest range that holds all of it, in the order of the domains", () => {
    const { placed } = layout([{ memory: sized(MiB(64)) }, { memory: sized(MiB(32)) }]);
    expect(placed.domains.map(({ banks: [bank] }) => bank?.machine)).toEqual([
      at(0x40a0_0000, MiB(64)),
      at(0x44a0_0000, MiB(32)),
    ]);
  });

  it("is cut into pieces, the largest first, where no range holds all of it", () => {
    const ram = [
      at(0x4000_0000, MiB(64)),
      at(0x5000_0000, MiB(96)),
      at(0x6000_0000, MiB(96)),
      at(0x7000_0000, MiB(16)),
    ];
    const { placed } = layout([{ memory: sized(MiB(200)) }], { ram });
    expect(placed.domains[0]?.banks.map(({ machine }) => machine)).toEqual([
      at(0x5000_0000, MiB(96)),
      at(0x6000_0000, MiB(96)),
      at(0x4080_0000, MiB(8)),
    ]);
  });

  it("comes from the static heap where there is one", () => {
    const heap = [at(0x7000_0000, MiB(128))];
    const result = layout([{ memory: sized(MiB(32)) }], { heap });
    expect(ofKind(result, "domain-memory")).toEqual([at(0x7000_0000, MiB(32))]);
    expect(ofKind(result, "static-heap")).toEqual([at(0x7200_0000, MiB(96))]);
  });

  it("that is not there at all is told", () => {
    const outcome = layoutSystem(system([{}], { ram: [at(0x4000_0000, MiB(6))] }), undefined);
    expect(codes(outcome)).toContain("XI5002");
  });

  it("that is not there is told with what is", () => {
    const outcome = layoutSystem(system([{ memory: sized(GiB(3)) }]), undefined);
    expect(codes(outcome)).toEqual(["XI5002"]);
    expect(outcome.diagnostics[0]?.help).toContain(
      "valid ranges are [0x40000000, 0x40200000), [0x40800000, 0xc0000000)",
    );
  });
});

describe("a guest's addresses", () => {
  const guests = (...input: Parameters<typeof system>) =>
    layout(...input).placed.domains[0]?.banks.map(({ guest }) => [guest.start, guest.size]);

  it("begin at 1 GiB, bank after bank", () => {
    const memory = banks(at(0x6000_0000, MiB(32)), at(0x5000_0000, MiB(32)));
    expect(guests([{ memory }])).toEqual([
      [0x4000_0000, MiB(32)],
      [0x4200_0000, MiB(32)],
    ]);
  });

  it("go on at 8 GiB after 3 GiB, in the middle of a bank if need be", () => {
    const ram = [at(0x4000_0000, GiB(8))];
    expect(guests([{ memory: banks(at(0x8000_0000, GiB(4))) }], { ram })).toEqual([
      [0x4000_0000, GiB(3)],
      [0x2_0000_0000, GiB(1)],
    ]);
  });

  it("are the machine's where it is direct-mapped", () => {
    expect(guests([{ memory: banks(at(0x8000_0000, MiB(32))), directMap: true }])).toEqual([[0x8000_0000, MiB(32)]]);
  });
});

describe("a guest's kernel, ramdisk and device tree", () => {
  const places = (sketch: Sketch, world?: World) => {
    const [first] = layout([sketch], world).placed.domains;
    return [first?.kernelAt.start, first?.deviceTreeAt.start, first?.ramdiskAt?.start];
  };

  it("lie at 128 MiB where the bank is large enough", () => {
    expect(places({ memory: sized(MiB(256)), ramdisk: 10, textOffset: 0x8_0000 })).toEqual([
      0x4008_0000, 0x4800_0000, 0x4820_0000,
    ]);
  });

  it("lie at the end of a smaller bank", () => {
    expect(places({ memory: sized(MiB(64)), ramdisk: MiB(3) })).toEqual([0x4000_0000, 0x43a0_0000, 0x43c0_0000]);
    expect(places({ memory: sized(MiB(6)), kernel: MiB(2), ramdisk: 1 })).toEqual([
      0x4000_0000, 0x4020_0000, 0x4040_0000,
    ]);
  });

  it("count the kernel's BSS with the core, and do not with Xen", () => {
    const sketch = { memory: sized(MiB(8)), kernel: MiB(2), bss: MiB(3), ramdisk: 1 };
    expect(codes(layoutSystem(system([sketch]), undefined))).toEqual(["XI5003"]);
    expect(places(sketch, { xen: true })[1]).toBe(0x4040_0000);
  });

  it.each<[string, Sketch, number, number | undefined]>([
    ["128 MiB into the bank", { memory: sized(MiB(256)), kernel: MiB(128) }, 0x4800_0000, 0x4fe0_0000],
    ["at the bank's end", { memory: sized(MiB(4)), kernel: MiB(2) }, 0x4020_0000, undefined],
    ["below the kernel", { memory: sized(MiB(4)), kernel: MiB(2), textOffset: MiB(2) }, 0x4000_0000, undefined],
  ])("may touch with the core, and may not with Xen: %s", (_, sketch, core, xen) => {
    const treeAt = (world?: World) =>
      layoutSystem(system([sketch], world), undefined).value?.placed.domains[0]?.deviceTreeAt.start;
    expect(treeAt()).toBe(core);
    expect(treeAt({ xen: true })).toBe(xen);
  });

  it.each([false, true])("lie in the first bank, or the bank is too small (xen: %s)", (xen) => {
    const sketch = { memory: sized(MiB(32)), textOffset: MiB(64) };
    expect(codes(layoutSystem(system([sketch], { xen }), undefined))).toEqual(["XI5003"]);
  });

  it("lie in the bank that touching pieces make, but for a direct-mapped guest in its first bank alone", () => {
    const touching = banks(at(0x8000_0000, MiB(4)), at(0x8040_0000, MiB(60)));
    expect(places({ memory: touching, ramdisk: 10 })).toEqual([0x4000_0000, 0x43c0_0000, 0x43e0_0000]);
    expect(places({ memory: touching, directMap: true })).toEqual([0x8000_0000, 0x8020_0000, undefined]);
    const sketch = { memory: touching, ramdisk: MiB(2), directMap: true };
    expect(codes(layoutSystem(system([sketch]), undefined))).toEqual(["XI5003"]);
  });

  it("that do not fit side by side are told", () => {
    const sketch = { memory: sized(MiB(8)), kernel: MiB(2), ramdisk: MiB(3), textOffset: MiB(3) };
    expect(codes(layoutSystem(system([sketch]), undefined))).toEqual(["XI5003"]);
  });

  describe("of a uImage with a load address", () => {
    const uimage = (load: number, memory: DomainMemory, xen = false): ResolvedSystem => {
      const base = system([{ memory, kernel: MiB(1) }], { xen });
      const domains = base.domains.map((each) => {
        const format = {
          kind: "uimage" as const,
          load,
          inner: { textOffset: 0, imageSize: bytes(MiB(1)), littleEndian: true, hypervisor: false },
        };
        return { ...each, kernel: { ...each.kernel, format } };
      });
      return { ...base, domains };
    };
    const startOf = (resolved: ResolvedSystem) =>
      layoutSystem(resolved, undefined).value?.placed.domains.map((each) => [
        each.kernelAt.start,
        each.deviceTreeAt.start,
      ]);

    it("lie where it says, and the device tree below it if need be", () => {
      expect(startOf(uimage(0x4300_0000, sized(MiB(64))))).toEqual([[0x4300_0000, 0x43e0_0000]]);
      expect(startOf(uimage(0x43f0_0000, sized(MiB(64))))).toEqual([[0x43f0_0000, 0x43d0_0000]]);
    });

    it("must lie in the first bank", () => {
      expect(codes(layoutSystem(uimage(0x8000_0000, sized(MiB(64))), undefined))).toEqual(["XI5004"]);
    });

    it("lie at the start with Xen 4.17, which does not look at it", () => {
      expect(startOf(uimage(0x4300_0000, sized(MiB(64)), true))?.[0]?.[0]).toBe(0x4000_0000);
    });
  });
});

describe("the lock file", () => {
  const two = { a: { kernel: MiB(3) }, b: { kernel: MiB(1) } };
  const { placed, lock } = layout(two);
  const again = (domains: Readonly<Record<string, Sketch>>, text = lock, world?: World): Outcome<Layout> =>
    layoutSystem(system(domains, world), text);
  const start = (outcome: Outcome<Layout>, name: string): number | undefined =>
    outcome.value?.placed.modules.find((module) => module.domain === name)?.at.start;
  const old = (name: string): number | undefined => placed.modules.find((module) => module.domain === name)?.at.start;

  it("keeps places when domains come, go, or change their order", () => {
    expect(start(again({ b: two.b, a: two.a }), "b")).toBe(old("b"));
    expect(start(again({ b: two.b }), "b")).toBe(old("b"));
    expect(start(again({ n: {}, ...two }), "b")).toBe(old("b"));
    expect(start(again({ n: {}, ...two }), "a")).toBe(old("a"));
  });

  it("is the same text for the same system", () => {
    expect(again(two).value?.lock).toBe(lock);
    expect(codes(again(two))).toEqual([]);
  });

  it("gives way, with a warning, where a module has grown into its neighbour", () => {
    const outcome = again({ ...two, a: { kernel: MiB(5) } });
    expect(codes(outcome)).toEqual(["XI5101"]);
    expect(start(outcome, "b")).toBe(old("b"));
    expect(start(outcome, "a")).not.toBe(old("a"));
  });

  it("gives way, with a warning, where the image has no room any more", () => {
    const outcome = again(two, lock, { reserved: [at(0x4030_0000, KiB(4))] });
    expect(codes(outcome)).toEqual(["XI5101"]);
  });

  it("loses, with a note, what is no longer there", () => {
    const outcome = again({ a: two.a });
    expect(codes(outcome)).toEqual(["XI5102"]);
    expect(outcome.value?.lock).not.toContain("b/kernel");
  });

  it("keeps the places of other systems beside it", () => {
    const other = layoutSystem({ ...system({ a: {} }), name: "other" }, lock).value?.lock;
    expect(other).toContain('"other"');
    expect(again(two, other).value?.lock).toBe(other);
    expect(start(again({ b: two.b }, other), "b")).toBe(old("b"));
  });

  it("is written anew for this system alone when asked", () => {
    const other = layoutSystem({ ...system({ a: {} }), name: "other" }, lock).value?.lock;
    const anew = layoutSystem(system({ b: two.b }), other, true);
    expect(codes(anew)).toEqual([]);
    expect(start(anew, "b")).toBe(old("a"));
    expect(anew.value?.lock).toContain('"other"');
    expect(codes(layoutSystem(system(two), "damaged", true))).toEqual([]);
  });

  it("keeps the ports of event channels, and is as it was where there are none", () => {
    const channel = (from: string, to: string) => [{ domain: from }, { domain: to }] as const;
    const first = again(two, lock, { channels: [channel("a", "b")] });
    expect(first.value?.lock).toContain('"ports": {\n        "a>b/from": 1,\n        "a>b/to": 1\n      }');
    const world = { channels: [channel("b", "a"), channel("a", "b")] };
    const then = again(two, first.value?.lock, world);
    expect(codes(then)).toEqual([]);
    expect(then.value?.placed.eventChannels).toEqual([
      [
        { domain: "b", port: 2 },
        { domain: "a", port: 2 },
      ],
      [
        { domain: "a", port: 1 },
        { domain: "b", port: 1 },
      ],
    ]);
    const anew = layoutSystem(system(two, world), first.value?.lock, true);
    expect(anew.value?.placed.eventChannels[0]?.[0].port).toBe(1);
    expect(again(two).value?.lock).not.toContain("ports");
  });

  it("keeps the numbers and names of PV devices, and is as it was where there are none", () => {
    const ends = { backend: "a", frontend: "b" };
    const disk = (device: string) => ({ kind: "block", ...ends, device, mode: "w" }) as const;
    const first = again(two, lock, {
      pv: [
        { kind: "net", ...ends },
        { kind: "net", ...ends, bridge: "br0" },
        disk("254:0"),
        { kind: "console", ...ends },
      ],
    });
    expect(first.value?.lock).toContain('"interfaces": {\n        "a>b": 0,\n        "a>b br0": 1\n      }');
    expect(first.value?.lock).toContain('"disks": {\n        "a>b 254:0": "xvda"\n      }');
    expect(first.value?.lock).toContain('"consoles": {\n        "a>b": 1\n      }');
    const then = again(two, first.value?.lock, {
      pv: [disk("254:16"), { kind: "net", ...ends, bridge: "br0" }, disk("254:0"), { kind: "console", ...ends }],
    });
    expect(codes(then)).toEqual(["XI5102"]);
    expect(
      then.value?.placed.pv.map((link) => {
        if (link.kind === "net") return link.handle;
        return link.kind === "block" ? link.name : link.number;
      }),
    ).toEqual(["xvdb", 1, "xvda", 1]);
    expect(again(two).value?.lock).not.toMatch(/interfaces|disks|consoles/);
  });

  describe("and the board's load address", () => {
    const imageAt = (outcome: Outcome<Layout>) => outcome.value?.placed.image.start;
    const elsewhere = { loadAddress: 0x6000_0000 };

    it("gives way, with a note, where that is written anew", () => {
      const outcome = again(two, lock, elsewhere);
      expect([imageAt(outcome), codes(outcome)]).toEqual([0x6000_0000, ["XI5103"]]);
      const kept = again(two, outcome.value?.lock, elsewhere);
      expect([imageAt(kept), codes(kept)]).toEqual([0x6000_0000, []]);
      const back = again(two, outcome.value?.lock);
      expect([imageAt(back), codes(back)]).toEqual([0x4020_0000, ["XI5103"]]);
    });

    it("gives way where it was written before load addresses were kept", () => {
      const old = lock.replace(/ *"loadAddress".*\n/, "");
      expect(old).not.toBe(lock);
      expect(codes(again(two, old))).toEqual([]);
      expect(imageAt(again(two, old, elsewhere))).toBe(0x6000_0000);
    });

    it("keeps what it has while that stays, though its place is free now", () => {
      const crowded = { reserved: [at(0x4030_0000, KiB(4))] };
      const first = layoutSystem(system(two, crowded), undefined);
      expect([imageAt(first), codes(first)]).toEqual([0x4040_0000, ["XI5104"]]);
      const then = again(two, first.value?.lock);
      expect([imageAt(then), codes(then)]).toEqual([0x4040_0000, []]);
    });

    it("is told once where something else is", () => {
      const heap = [at(0x6000_0000, MiB(256))];
      const outcome = again(two, lock, { ...elsewhere, heap });
      expect([imageAt(outcome), codes(outcome)]).toEqual([0x4020_0000, ["XI5104"]]);
      expect(outcome.diagnostics[0]?.help).toContain("valid ranges are [0x40000000, 0x60000000)");
      expect(codes(again(two, outcome.value?.lock, { ...elsewhere, heap }))).toEqual([]);
    });
  });

  it("gives way, with a warning, where its offsets leave gaps that no range has room for", () => {
    const gaps = lock.replace(/("b\/kernel": )"[^"]+"/, '$1"0x4000000"');
    expect(codes(again(two, gaps))).toEqual([]);
    const outcome = again(two, gaps, { ram: [at(0x4000_0000, MiB(512))], heap: [at(0x4400_0000, MiB(400))] });
    expect(codes(outcome)).toEqual(["XI5101"]);
    expect(start(outcome, "b")).toBe(old("b"));
  });

  it("that has an offset beyond the RAM is refused, not the system", () => {
    const damaged = lock.replace(/("b\/kernel": )"[^"]+"/, '$1"0x4000000a00000"');
    const outcome = again(two, damaged);
    expect(codes(outcome)).toEqual(["XI2101"]);
    expect(outcome.diagnostics[0]?.message).toContain('the offset 0x4000000a00000 of "b/kernel" is beyond');
    expect(codes(layoutSystem(system(two), damaged, true))).toEqual([]);
  });

  it.each([
    "",
    "[]",
    "{}",
    '{"version":1,"modules":{}}',
    '{"version":2}',
    '{"version":2,"systems":{"other":3}}',
    '{"version":2,"systems":{"board":{}}}',
    '{"version":2,"systems":{"board":{"modules":5}}}',
    '{"version":2,"systems":{"board":{"modules":{},"interfaces":null}}}',
    '{"version":2,"systems":{"board":{"image":5,"modules":{}}}}',
    '{"version":2,"systems":{"board":{"loadAddress":"x","modules":{}}}}',
    '{"version":2,"systems":{"board":{"modules":{"a/kernel":"x"}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"ports":[]}}}',
    '{"version":2,"systems":{"board":{"modules":{},"ports":{"a>b/to":"0x1"}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"ports":{"a>b/to":0}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"ports":{"a>b/to":1024}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"ports":{"a>b/to":1.5}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"views":{"frames/ui":855638016}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"interfaces":{"a>b":-1}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"interfaces":{"a>b":0.5}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"interfaces":{"a>b":4294967296}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"interfaces":{"a>b":"0"}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"consoles":{"a>b":0}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"disks":{"a>b 254:0":0}}}}',
    '{"version":2,"systems":{"board":{"modules":{},"disks":{"a>b 254:0":"xvdaaa"}}}}',
  ])("that is damaged is refused: %s", (text) => {
    expect(codes(again(two, text))).toEqual(["XI2101"]);
  });
});

const block = MiB(2);
/** Machines of up to four RAM banks, some of it reserved, and domains of any sizes, some of them static. */
const world = fc.record({
  ram: fc.array(fc.integer({ min: 8, max: 256 }), { minLength: 1, maxLength: 4 }),
  reserved: fc.array(fc.record({ at: fc.nat(600), size: fc.integer({ min: 1, max: 5000 }) }), { maxLength: 3 }),
  domains: fc.array(
    fc.record({
      pages: fc.integer({ min: 1, max: 60_000 }),
      kernel: fc.integer({ min: 64, max: MiB(5) }),
      bss: fc.nat(MiB(4)),
      ramdisk: fc.option(fc.integer({ min: 1, max: MiB(3) }), { nil: undefined }),
      bank: fc.option(fc.nat(200), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

/** Static banks on a grid of 4 MiB, so that the user's own placement is sound, as CHECK has made sure by now. */
function drawn({ ram, reserved, domains }: typeof world extends fc.Arbitrary<infer T> ? T : never): ResolvedSystem {
  const taken = new Set<number>();
  const sketches = domains.map(({ pages, bank, ramdisk, ...rest }) => {
    const fixed = bank !== undefined && !taken.has(bank);
    if (fixed) taken.add(bank);
    const memory = fixed ? banks(at(0x10_0000_0000 + bank * MiB(32), MiB(32))) : sized(pages * KiB(4));
    return { ...rest, memory, ...(ramdisk !== undefined && { ramdisk }) };
  });
  return system(sketches, {
    ram: [...ram.map((size, index) => at(0x4000_0000 + index * GiB(1), MiB(size))), at(0x10_0000_0000, GiB(8))],
    reserved: reserved.map((each) => at(0x4000_0000 + each.at * KiB(100), each.size)),
  });
}

describe("any system whatever", () => {
  property.prop([world], { numRuns: 150 })("has no two owners for a byte, and none outside of the RAM", (input) => {
    const resolved = drawn(input);
    const { value, diagnostics } = layoutSystem(resolved, undefined);
    expect(value === undefined).toBe(hasErrors(diagnostics));
    if (value === undefined) return;
    const { placed } = value;
    const regions = placed.regions.filter(({ kind }) => kind !== "reserved").map(({ range }) => range);
    for (const [index, range] of regions.entries()) {
      for (const other of regions.slice(index + 1)) expect(overlapOf(range, other)).toBeUndefined();
      for (const reserved of resolved.board.reserved) expect(overlapOf(range, reserved)).toBeUndefined();
      expect(resolved.board.ram.some((ram) => contains(ram, range))).toBe(true);
    }
    for (const { resolved: of, banks: given } of placed.domains) {
      const size =
        of.memory.kind === "sized" ? of.memory.size : of.memory.banks.reduce((sum, bank) => sum + bank.size, 0);
      const total = given.reduce((sum, { machine }) => sum + machine.size, 0);
      expect(formatSize(total)).toBe(formatSize(size));
      if (of.memory.kind === "sized") for (const { machine } of given) expect(machine.start % block).toBe(0);
    }
    for (const { at: place } of placed.modules) expect(contains(placed.image, place)).toBe(true);
  });

  property.prop([world], { numRuns: 40 })("is placed the same way again, with its lock file and without", (input) => {
    const resolved = drawn(input);
    const first = layoutSystem(resolved, undefined);
    expect(layoutSystem(resolved, undefined)).toEqual(first);
    if (first.value !== undefined)
      expect(layoutSystem(resolved, first.value.lock)).toEqual({ ...first, diagnostics: [] });
  });

  property.prop([world], { numRuns: 60 })("has guests whose parts lie apart in their first bank", (input) => {
    const { value } = layoutSystem(drawn(input), undefined);
    for (const { kernelAt, ramdiskAt, deviceTreeAt, banks: given } of value?.placed.domains ?? []) {
      const parts = [kernelAt, deviceTreeAt, ...(ramdiskAt ? [ramdiskAt] : [])];
      for (const [index, part] of parts.entries()) {
        for (const other of parts.slice(index + 1)) expect(overlapOf(part, other)).toBeUndefined();
        const start = given[0]?.guest.start ?? 0;
        const end = start + given.reduce((sum, { guest }) => sum + guest.size, 0);
        expect(start <= part.start && endOf(part) <= end).toBe(true);
      }
    }
  });
});
