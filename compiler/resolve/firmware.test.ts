import {
  cells,
  deviceTree,
  encode,
  findNode,
  getProperty,
  node,
  property,
  readString,
  reservation,
  strings,
  walk,
} from "dtc-js";
import type { DeviceTree, Node } from "dtc-js";
import { decode } from "dtc-js";
import { describe, expect, it } from "vitest";
import { GiB, MiB } from "../base/units.ts";
import type { Board, BoardFirmware } from "../ir/board.ts";
import { boardFacts } from "./board.ts";

const waiting = (number: number): Node =>
  node(`cpu@${number}`, {
    properties: [
      property("device_type", strings("cpu")),
      property("compatible", strings("arm,cortex-a72")),
      property("reg", cells(number)),
      property("enable-method", strings("spin-table")),
      property("cpu-release-addr", cells(0, 0xd8)),
    ],
  });

/** A vendor's tree with sizes of one cell, whose RAM the firmware fills in. */
const vendor = (sizeCells: number): DeviceTree =>
  deviceTree({
    properties: [
      property("#address-cells", cells(2)),
      property("#size-cells", cells(sizeCells)),
      property("compatible", strings("acme,board", "acme,soc")),
    ],
    children: [
      node("memory@0", { properties: [property("device_type", strings("memory")), property("reg", cells(0, 0, 0))] }),
      node("cpus", {
        properties: [property("#address-cells", cells(1)), property("#size-cells", cells(0))],
        children: [waiting(0), waiting(1), node("l2-cache")],
      }),
      node("gic@ff841000", {
        properties: [
          property("compatible", strings("arm,gic-400")),
          property("reg", cells(0, 0xff84_1000, 0x1000, 0, 0xff84_2000, 0x2000)),
        ],
      }),
    ],
  });

const board = (more: Partial<Board>, sizeCells = 1): Board => ({
  name: "own",
  parameters: {},
  cpus: ["cpu0", "cpu1"],
  deviceTree: encode(vendor(sizeCells)),
  loadAddress: 0,
  ...more,
});

const all: BoardFirmware = {
  memory: [
    { at: 0, size: GiB(1) },
    { at: GiB(4), size: GiB(4) + MiB(1) },
  ],
  reserved: [{ at: 0, size: 0x8_0000 }],
  psci: "smc",
};

describe("what the firmware does to a vendor's tree", () => {
  it("is in the facts", () => {
    const { value, diagnostics } = boardFacts(board({ firmware: all }), "the tree");
    expect(diagnostics).toEqual([]);
    // A size of one cell holds less than 4 GiB.
    expect(value?.ram).toEqual([
      { start: 0, size: GiB(1) },
      { start: GiB(4), size: GiB(2) },
      { start: GiB(6), size: GiB(2) },
      { start: GiB(8), size: MiB(1) },
    ]);
    expect(value?.reserved).toEqual([{ name: "/memreserve/", start: 0, size: 0x8_0000 }]);
    expect(value?.psci).toBe("smc");
  });

  it("is in the tree that the hypervisor gets, which has nothing else of it", () => {
    const { value } = boardFacts(board({ firmware: all }), "the tree");
    const decoded = decode(value?.deviceTree ?? new Uint8Array());
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const paths = [...walk(decoded.value)].map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith("/memory"))).toEqual(["/memory@0"]);
    for (const number of [0, 1]) {
      const cpu = findNode(decoded.value, `/cpus/cpu@${number}`);
      const method = cpu && getProperty(cpu, "enable-method");
      expect(method && readString(method.value)).toBe("psci");
      expect(cpu && getProperty(cpu, "cpu-release-addr")).toBeUndefined();
    }
    expect(paths).toContain("/cpus/l2-cache");
    expect(value?.profile.deviceTree).toEqual(encode(vendor(1)));
  });

  it("keeps what the tree has of it, but its RAM", () => {
    const tree = vendor(1);
    const bank = node("memory@100000000", {
      properties: [property("device_type", strings("memory")), property("reg", cells(1, 0, 0x1000))],
    });
    const cpus = findNode(tree, "/cpus");
    if (!cpus) throw new Error("the tree has CPUs");
    const all_ = { ...cpus, properties: [...cpus.properties, property("enable-method", strings("spin-table"))] };
    const children = [...tree.root.children.map((each) => (each === cpus ? all_ : each)), bank];
    const more = { ...tree, root: { ...tree.root, children }, reservations: [reservation(0x4000, 0x1000)] };
    const firmware: BoardFirmware = { ...all, memory: [{ at: 0x8000_0000, size: GiB(1) }], psci: "hvc" };
    const { value } = boardFacts(board({ firmware, deviceTree: encode(more) }), "the tree");
    expect(value?.ram).toEqual([{ start: 0x8000_0000, size: GiB(1) }]);
    expect(value?.reserved.map(({ start }) => start)).toEqual([0, 0x4000]);
    expect(value?.psci).toBe("hvc");
    const decoded = decode(value?.deviceTree ?? new Uint8Array());
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    expect(findNode(decoded.value, "/memory@80000000")).toBeDefined();
    for (const path of ["/cpus", "/cpus/l2-cache"]) {
      const kept = findNode(decoded.value, path);
      expect(kept && getProperty(kept, "enable-method")).toBeUndefined();
    }
  });

  it("may be PSCI alone, or a reservation", () => {
    const tree = vendor(1);
    const ram = node("memory@0", {
      properties: [property("device_type", strings("memory")), property("reg", cells(0, 0, 0x4000_0000))],
    });
    const whole = { ...tree, root: { ...tree.root, children: [ram, ...tree.root.children.slice(1)] } };
    const factsOf = (firmware: BoardFirmware) =>
      boardFacts(board({ firmware, deviceTree: encode(whole) }), "the tree").value;
    expect(factsOf({ psci: "smc" })).toMatchObject({ ram: [{ start: 0, size: GiB(1) }], psci: "smc" });
    expect(factsOf({ reserved: all.reserved ?? [] })?.reserved).toHaveLength(1);
  });

  it("is nothing where nothing is said", () => {
    const { diagnostics } = boardFacts(board({}), "the tree");
    expect(diagnostics.map(({ code }) => code)).toEqual(["XI3210"]);
  });

  it("must fit the tree's cells", () => {
    const { diagnostics } = boardFacts(board({ firmware: all }, 0), "the tree");
    expect(diagnostics[0]?.message).toContain("#address-cells and #size-cells do not hold the board's RAM");
  });
});

describe("a tree of another board", () => {
  it("is refused where the profile knows what its own is called", () => {
    const codes = (compatible: readonly string[]): readonly string[] =>
      boardFacts(board({ firmware: all, compatible }), "the tree").diagnostics.map(({ code }) => code);
    expect(codes(["acme,board"])).toEqual([]);
    expect(codes(["acme,other", "acme,soc"])).toEqual([]);
    expect(codes(["acme,boar"])).toEqual(["XI3211"]);
    const { diagnostics } = boardFacts(board({ firmware: all, compatible: ["acme,boar"] }), "the tree");
    expect(diagnostics[0]?.message).toContain("acme,board");
  });
});
