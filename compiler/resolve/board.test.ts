import { fc, it as property } from "@fast-check/vitest";
import type { Node, Property } from "dtc-js";
import { cells, cells64, deviceTree, encode, node, property as prop, reservation, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { Board } from "../ir/board.ts";
import { boardFacts } from "./board.ts";

const cpus = (...numbers: readonly number[]): Node =>
  node("cpus", {
    properties: [prop("#address-cells", cells(1)), prop("#size-cells", cells(0))],
    children: numbers.map((number) =>
      node(`cpu@${number}`, {
        properties: [
          prop("device_type", strings("cpu")),
          prop("reg", cells(number)),
          prop("compatible", strings("arm,cortex-a53")),
        ],
      }),
    ),
  });
const memory = (...reg: readonly number[]): Node =>
  node(`memory@${(reg[0] ?? 0).toString(16)}`, {
    properties: [prop("device_type", strings("memory")), prop("reg", cells64(...reg))],
  });
const gic: Node = node("gic@1000", {
  properties: [prop("compatible", strings("arm,gic-400")), prop("reg", cells64(0x1000, 0x1000, 0x2000, 0x2000))],
});
const uart = node("serial@9000", { properties: [prop("reg", cells64(0x9000, 0x1000))] });
const root = [prop("#address-cells", cells(2)), prop("#size-cells", cells(2))];

const board = (children: readonly Node[], labels: readonly string[] = ["cpu0"]): Board => ({
  name: "own",
  parameters: {},
  cpus: labels,
  deviceTree: encode(deviceTree({ properties: root, children, reservations: [reservation(0x4000_0000, 0x1000)] })),
  loadAddress: 0,
});
const facts = (children: readonly Node[], labels?: readonly string[]) =>
  boardFacts(board(children, labels), "the tree");
const codes = (children: readonly Node[], labels?: readonly string[]): readonly string[] =>
  facts(children, labels).diagnostics.map(({ code }) => code);
const sound = [memory(0x4000_0000, MiB(64)), cpus(0), gic];

describe("the facts of a board", () => {
  it("are QEMU's for qemuVirt", () => {
    const profile = qemuVirt({ gic: 3, cpus: 2, memory: "4GiB" });
    const { value, diagnostics } = boardFacts(profile, "the tree");
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({
      ram: [{ start: 0x4000_0000, size: MiB(4096) }],
      reserved: [],
      uarts: ["/pl011@9000000"],
      cpus: [
        { label: "cpu0", path: "/cpus/cpu@0", mpidr: 0 },
        { label: "cpu1", path: "/cpus/cpu@1", mpidr: 1 },
      ],
      gic: {
        version: 3,
        distributor: { start: 0x800_0000, size: 0x1_0000 },
        redistributors: [{ start: 0x80a_0000, size: 0xf6_0000 }],
      },
      console: { path: "/pl011@9000000", mmio: { start: 0x900_0000, size: 0x1000 } },
    });
    expect(value?.mmio).toContainEqual({ name: "/virtio_mmio@a000000", start: 0xa00_0000, size: 0x200 });
    expect(value?.mmio.map(({ name }) => name)).not.toContain("/memory@40000000");
  });

  it("are QEMU's for qemuVirt with a GICv2, too", () => {
    const { value } = boardFacts(qemuVirt({ gic: 2, cpus: 1, memory: "1GiB" }), "the tree");
    expect(value?.gic).toEqual({
      version: 2,
      distributor: { start: 0x800_0000, size: 0x1_0000 },
      cpuInterface: { start: 0x801_0000, size: 0x1_0000 },
      virtualInterface: { start: 0x804_0000, size: 0x1_0000 },
    });
    expect(facts(sound).value?.gic).not.toHaveProperty("virtualInterface");
  });

  it("hold all that is reserved, sorted", () => {
    const reserved = node("reserved-memory", {
      properties: [...root, prop("ranges")],
      children: [
        node("late@42000000", { properties: [prop("reg", cells64(0x4200_0000, 0x1000))] }),
        node("floating", { properties: [prop("size", cells64(0x1000))] }),
        node("early@41000000", { properties: [prop("reg", cells64(0x4100_0000, 0x1000, 0x4180_0000, 0x1000))] }),
      ],
    });
    expect(facts([...sound, reserved]).value?.reserved.map(({ name, start }) => [name, start])).toEqual([
      ["/memreserve/", 0x4000_0000],
      ["/reserved-memory/early@41000000", 0x4100_0000],
      ["/reserved-memory/early@41000000", 0x4180_0000],
      ["/reserved-memory/late@42000000", 0x4200_0000],
    ]);
  });

  it("hold what is reserved by disabled nodes, and nothing that is empty", () => {
    const off = prop("status", strings("disabled"));
    const reserved = node("reserved-memory", {
      properties: [...root, prop("ranges")],
      children: [
        node("off@41000000", { properties: [prop("reg", cells64(0x4100_0000, 0x1000)), off] }),
        node("empty@42000000", { properties: [prop("reg", cells64(0x4200_0000, 0))] }),
      ],
    });
    const { value } = facts([...sound, reserved]);
    expect(value?.reserved.map(({ name }) => name)).toEqual(["/memreserve/", "/reserved-memory/off@41000000"]);
    expect(value?.mmio.map(({ name }) => name)).toEqual(["/gic@1000", "/gic@1000"]);
  });

  it("take for RAM what the root has of the type, sorted; for registers nothing that is called memory", () => {
    const buffer = node("buffer@50000000", {
      properties: [prop("device_type", strings("memory")), prop("reg", cells64(0x5000_0000, 0x1000))],
    });
    const behind = node("bus", { properties: [...root, prop("ranges")], children: [buffer] });
    const untyped = node("memory@60000000", { properties: [prop("reg", cells64(0x6000_0000, 0x1000))] });
    const empty = node("dev@9000", { properties: [prop("reg", cells64(0x9000, 0))] });
    const [ram, ...rest] = sound;
    if (!ram) throw new Error("sound has RAM");
    const { value } = facts([memory(0x8000_0000, 0x1000), ram, ...rest, behind, untyped, empty]);
    expect(value?.ram.map(({ start }) => start)).toEqual([0x4000_0000, 0x8000_0000]);
    expect(value?.mmio.map(({ name }) => name)).toEqual(["/gic@1000", "/gic@1000", "/bus/buffer@50000000"]);
  });

  it("count what is reserved where /reserved-memory has no ranges", () => {
    const child = node("fw@41000000", { properties: [prop("reg", cells64(0x4100_0000, 0x1000))] });
    const reserved = node("reserved-memory", { properties: root, children: [child] });
    expect(facts([...sound, reserved]).value?.reserved).toContainEqual({
      name: "/reserved-memory/fw@41000000",
      start: 0x4100_0000,
      size: 0x1000,
    });
  });

  it("are not there where a reservation cannot be read", () => {
    const child = node("fw@41000000", { properties: [prop("reg", cells(0x4100_0000, 0x1000))] });
    const reserved = node("reserved-memory", { properties: [...root, prop("ranges")], children: [child] });
    expect(codes([...sound, reserved])).toEqual(["XI3104"]);
  });

  it("leave out what is disabled: memory, CPUs, interrupt controllers and the console", () => {
    const disabled = (of: Node): Node =>
      node(of.name, { properties: [...of.properties, prop("status", strings("disabled"))], children: of.children });
    const twoCpus = cpus(0, 1);
    const oneOff = node("cpus", {
      properties: twoCpus.properties,
      children: twoCpus.children.map((cpu, index) => (index === 1 ? disabled(cpu) : cpu)),
    });
    const chosen = node("chosen", { properties: [prop("stdout-path", strings("/serial@9000"))] });
    const { value } = facts([
      memory(0x4000_0000, MiB(64)),
      disabled(memory(0xe00_0000, MiB(16))),
      oneOff,
      gic,
      disabled(uart),
      chosen,
    ]);
    expect(value?.ram.map(({ start }) => start)).toEqual([0x4000_0000]);
    expect(value?.cpus.map(({ path }) => path)).toEqual(["/cpus/cpu@0"]);
    expect(value?.console).toBeUndefined();
    expect(codes([memory(0x4000_0000, MiB(64)), cpus(0), disabled(gic)])).toEqual(["XI3102"]);
  });

  it("name the console through an alias and with options", () => {
    const aliases = node("aliases", { properties: [prop("serial0", strings("/serial@9000"))] });
    const chosen = node("chosen", { properties: [prop("stdout-path", strings("serial0:115200n8"))] });
    expect(facts([...sound, uart, aliases, chosen]).value?.console?.path).toBe("/serial@9000");
    expect(facts([...sound, uart]).value?.console).toBeUndefined();
  });

  it("have addresses as the CPUs see them, behind buses", () => {
    const device = node("dev@10", { properties: [prop("reg", cells(0x10, 8))] });
    const bus = (...ranges: readonly number[]): Node =>
      node("bus", {
        properties: [prop("#address-cells", cells(1)), prop("#size-cells", cells(1)), prop("ranges", cells(...ranges))],
        children: [device],
      });
    const of = (node: Node) => facts([...sound, node]).value?.mmio.find(({ name }) => name === "/bus/dev@10")?.start;
    expect(of(bus(0, 0, 0x5000_0000, 0x1000))).toBe(0x5000_0010);
    expect(of(bus(0x100, 0, 0x5000_0000, 0x1000))).toBeUndefined();
  });

  it("are not there where the tree lacks something", () => {
    expect(codes([cpus(0), gic])).toEqual(["XI3102"]);
    expect(codes([memory(0, 0x1000), gic])).toEqual(["XI3102"]);
    expect(codes([memory(0, 0x1000), cpus(0)])).toEqual(["XI3102"]);
    expect(codes(sound, ["cpu0", "cpu1"])).toEqual(["XI3103"]);
    expect(
      codes([
        node("memory@0", { properties: [prop("device_type", strings("memory")), prop("reg", cells(1))] }),
        cpus(0),
        gic,
      ]),
    ).toEqual(["XI3104"]);
  });

  const problem = (children: readonly Node[], labels?: readonly string[]): string =>
    facts(children, labels)
      .diagnostics.map(({ code, message }) => `${code}: ${message.replace(/^.*not usable at /, "")}`)
      .join("\n");
  const gicWith = (...more: readonly Property[]): Node =>
    node("gic@1000", { properties: [prop("compatible", strings("arm,gic-v3")), ...more] });
  const bus = (child: Node, ...properties: readonly Property[]): Node =>
    node("bus", {
      properties: [prop("#address-cells", cells(1)), prop("#size-cells", cells(1)), ...properties],
      children: [child],
    });
  const narrow = gicWith(prop("reg", cells(0x1000, 0x1_0000, 0x10_0000, 0x10_0000)));

  it("say what is wrong with a reg", () => {
    const [ram, cpu] = sound;
    if (!ram || !cpu) throw new Error("sound has RAM and a CPU");
    const of = (...gics: readonly Node[]): string => problem([ram, cpu, ...gics]);
    expect(of(gicWith())).toBe("XI3104: /gic@1000: it has no reg");
    expect(of(gicWith(prop("reg", cells(0x1000, 0x1000))))).toBe(
      "XI3104: /gic@1000: its reg of 8 bytes is no list of addresses and sizes of 2 and 2 cells, as / declares",
    );
    expect(of(gicWith(prop("reg", cells64(0x1000, 0x1000))))).toBe(
      "XI3104: /gic@1000: its reg names 1 of at least 2 ranges of registers",
    );
    expect(of(gicWith(prop("reg", cells64(2 ** 52, 0x1000))))).toBe(
      "XI3104: /gic@1000: its reg has 0x10000000000000, size 0x1000, beyond 52 bits",
    );
    expect(of(bus(narrow))).toBe("XI3104: /bus/gic@1000: the CPUs do not reach it: /bus has no ranges");
    expect(of(bus(narrow, prop("ranges", cells(0x1000, 0, 0x1000, 0x1000))))).toBe(
      "XI3104: /bus/gic@1000: the CPUs do not reach it: 0x100000 is in no window of /bus's ranges",
    );
    expect(of(bus(narrow, prop("ranges")))).toBe("");
    const regions = gicWith(
      prop("reg", cells64(0x1000, 0x1000, 0x2000, 0x2000)),
      prop("#redistributor-regions", cells(2)),
    );
    expect(of(regions)).toBe("XI3104: /gic@1000: it has 2 redistributor regions, but its reg names 1");
  });

  it("are not there where RAM is left to the firmware, or there twice", () => {
    expect(problem([memory(0x4000_0000, 0), cpus(0), gic])).toBe(
      "XI3210: the board's device tree has no RAM: /memory@40000000 is left for the firmware to fill in",
    );
    expect(codes([memory(0, 0), ...sound])).toEqual([]);
    expect(problem([memory(0x4000_1000, 0x1000), ...sound])).toContain("XI3212");
    expect(problem([memory(0x4000_0000, 0x2000, 0x4000_1000, 0x1000), cpus(0), gic])).toContain(
      "overlap at [0x40001000, 0x40002000)",
    );
    expect(codes([memory(MiB(64) + 0x4000_0000, 0x1000), ...sound])).toEqual([]);
  });

  it("are not there where a CPU has no number of its own, or no name", () => {
    const two = ["cpu0", "cpu1"];
    const [ram] = sound;
    if (!ram) throw new Error("sound has RAM");
    expect(problem([ram, cpus(1, 1), gic], two)).toBe("XI3104: /cpus/cpu@1: its reg 0x1 is that of /cpus/cpu@1, too");
    expect(problem([ram, cpus(0x8000_0000), gic])).toBe(
      "XI3104: /cpus/cpu@2147483648: its reg 0x80000000 is not the affinity fields of an MPIDR",
    );
    const all = cpus(0);
    const nameless = node("cpus", {
      properties: all.properties,
      children: all.children.map((cpu) =>
        node(cpu.name, { properties: cpu.properties.filter(({ name }) => name !== "compatible") }),
      ),
    });
    expect(problem([ram, nameless, gic])).toBe("XI3104: /cpus/cpu@0: it has no compatible, which the guests' CPUs get");
  });

  it("tell of PSCI, and of the private interrupts that GIC and timer name", () => {
    expect(facts(sound).value).not.toHaveProperty("psci");
    expect(facts(sound).value?.ppis).toEqual({});
    const psci = node("psci", {
      properties: [prop("compatible", strings("arm,psci-0.2")), prop("method", strings("hvc"))],
    });
    const timer = (...more: readonly Property[]): Node =>
      node("timer", {
        properties: [
          prop("compatible", strings("arm,armv8-timer")),
          prop("interrupts", cells(1, 13, 8, 1, 14, 8, 1, 11, 8, 1, 10, 8)),
          ...more,
        ],
      });
    const [ram, cpu] = sound;
    if (!ram || !cpu) throw new Error("sound has RAM and a CPU");
    const maintained = node(gic.name, { properties: [...gic.properties, prop("interrupts", cells(1, 9, 0xf04))] });
    const { value } = facts([ram, cpu, maintained, psci, timer()]);
    expect(value?.psci).toBe("hvc");
    for (const compatible of ["arm,psci-1.0", "arm,psci"]) {
      const named = node("psci", {
        properties: [prop("compatible", strings(compatible)), ...psci.properties.slice(1)],
      });
      expect(facts([...sound, named]).value?.psci).toBe("hvc");
    }
    const off = prop("status", strings("disabled"));
    expect(facts([...sound, node("psci", { properties: [...psci.properties, off] })]).value?.psci).toBeUndefined();
    expect(facts([...sound, timer(off)]).value?.ppis).toEqual({});
    expect(value?.ppis).toEqual({ maintenance: 9, virtualTimer: 11, hypervisorTimer: 10 });
    const names = prop("interrupt-names", strings("virt", "hyp-phys", "phys", "sec-phys"));
    expect(facts([...sound, timer(names)]).value?.ppis).toEqual({ virtualTimer: 13, hypervisorTimer: 14 });
    const four = node(gic.name, {
      properties: [...gic.properties, prop("#interrupt-cells", cells(4)), prop("interrupts", cells(1, 9, 4, 0))],
    });
    expect(facts([ram, cpu, four]).value?.ppis).toEqual({ maintenance: 9 });
  });

  it("are not there where the tree leaves no room for the domains", () => {
    const blob = { ...board(sound), deviceTree: new Uint8Array(2 ** 20 + 1) };
    expect(boardFacts(blob, '"a.dtb"').diagnostics.map(({ code }) => code)).toEqual(["XI3104"]);
    const longest = { ...blob, deviceTree: new Uint8Array(2 ** 20) };
    expect(boardFacts(longest, '"a.dtb"').diagnostics.map(({ code }) => code)).toEqual(["XI3101"]);
  });

  it("are not there where the tree is none", () => {
    const blob = { ...board(sound), deviceTree: new Uint8Array(100) };
    expect(boardFacts(blob, '"a.dtb"').diagnostics[0]?.message).toMatch(/^"a\.dtb" cannot be decoded: /);
  });

  property.prop([fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 6 })], { numRuns: 200 })(
    "or diagnostics are found in any damaged tree",
    (changes) => {
      const profile = board([...sound, uart]);
      const blob = profile.deviceTree.slice();
      for (const [at, byte] of changes) if (at < blob.length) blob[at] = byte;
      const { value, diagnostics } = boardFacts({ ...profile, deviceTree: blob }, "the tree");
      expect(value === undefined).toBe(diagnostics.length > 0);
    },
  );
});
