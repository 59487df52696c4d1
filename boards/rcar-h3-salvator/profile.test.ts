import type { Node } from "dtc-js";
import { cells, cells64, deviceTree, encode, node, property, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import { GiB } from "../../compiler/index.ts";
import { debian } from "../../system/testing/paths.ts";
import { factsOf } from "../testing/facts.ts";
import { findings } from "../testing/findings.ts";
import { rcarH3Salvator } from "./profile.ts";

const gicPhandle = 1;

const cpu = (mpidr: number): Node =>
  node(`cpu@${mpidr.toString(16)}`, {
    properties: [
      property("compatible", strings(mpidr < 0x100 ? "arm,cortex-a57" : "arm,cortex-a53")),
      property("reg", cells(mpidr)),
      property("device_type", strings("cpu")),
      property("enable-method", strings("psci")),
    ],
  });

const memory = (at: number, size: number): Node =>
  node(`memory@${at.toString(16)}`, {
    properties: [property("device_type", strings("memory")), property("reg", cells64(at, size))],
  });

/** Our own, in the shape of an R-Car H3's: eight CPUs, RAM in four nodes, GIC-400 on a bus, a SCIF console. */
const tree = deviceTree({
  properties: [
    property("compatible", strings("renesas,salvator-xs", "renesas,r8a7795")),
    property("#address-cells", cells(2)),
    property("#size-cells", cells(2)),
  ],
  children: [
    node("cpus", {
      properties: [property("#address-cells", cells(1)), property("#size-cells", cells(0))],
      children: [0, 1, 2, 3, 0x100, 0x101, 0x102, 0x103].map(cpu),
    }),
    node("psci", { properties: [property("compatible", strings("arm,psci-1.0")), property("method", strings("smc"))] }),
    node("soc", {
      properties: [
        property("compatible", strings("simple-bus")),
        property("interrupt-parent", cells(gicPhandle)),
        property("#address-cells", cells(2)),
        property("#size-cells", cells(2)),
        property("ranges"),
      ],
      children: [
        node("interrupt-controller@f1010000", {
          properties: [
            property("compatible", strings("arm,gic-400")),
            property("#interrupt-cells", cells(3)),
            property("#address-cells", cells(0)),
            property("interrupt-controller"),
            property(
              "reg",
              cells64(0xf101_0000, 0x1000, 0xf102_0000, 0x2_0000, 0xf104_0000, 0x2_0000, 0xf106_0000, 0x2_0000),
            ),
            property("interrupts", cells(1, 9, 0xff04)),
            property("phandle", cells(gicPhandle)),
          ],
        }),
        node("serial@e6e88000", {
          properties: [
            property("compatible", strings("renesas,scif-r8a7795", "renesas,scif")),
            property("reg", cells64(0xe6e8_8000, 64)),
          ],
        }),
      ],
    }),
    memory(0x4800_0000, 0x3800_0000),
    memory(0x5_0000_0000, GiB(1)),
    memory(0x6_0000_0000, GiB(1)),
    memory(0x7_0000_0000, GiB(1)),
    node("chosen", { properties: [property("stdout-path", strings("/soc/serial@e6e88000:115200n8"))] }),
  ],
});

describe("rcarH3Salvator", () => {
  const board = { ...rcarH3Salvator({ deviceTree: "r8a77951-salvator-xs.dtb" }), deviceTree: encode(tree) };

  it("finds in a tree of that shape what the core needs", () => {
    const facts = factsOf(board);
    expect(facts.ram.map(({ start }) => start)).toEqual([0x4800_0000, 0x5_0000_0000, 0x6_0000_0000, 0x7_0000_0000]);
    expect(facts.cpus.map(({ label, mpidr }) => [label, mpidr])).toEqual([
      ["cpu0", 0],
      ["cpu1", 1],
      ["cpu2", 2],
      ["cpu3", 3],
      ["cpu4", 0x100],
      ["cpu5", 0x101],
      ["cpu6", 0x102],
      ["cpu7", 0x103],
    ]);
    expect(facts.gic).toMatchObject({ version: 2, virtualInterface: { start: 0xf106_0000, size: 0x2_0000 } });
    expect(facts.console?.path).toBe("/soc/serial@e6e88000");
  });

  it("has a place for two domains, and a console that the core does not drive", async () => {
    const pools = {
      large: { cpus: ["cpu0", "cpu1", "cpu2", "cpu3"] },
      small: { cpus: ["cpu4", "cpu5", "cpu6", "cpu7"] },
    };
    expect(await findings(board, pools)).toEqual(["XI4512"]);
  });

  it("is read the same way in the tree of the SoC's nearest relative that Debian has", async () => {
    const relative = {
      ...rcarH3Salvator({ deviceTree: debian("r8a774a1-hihope-rzg2m") }),
      compatible: ["renesas,r8a774a1"],
      cpus: ["cpu0", "cpu1", "cpu2", "cpu3", "cpu4", "cpu5"],
    };
    const facts = factsOf(relative);
    expect(facts.ram).toEqual([
      { start: 0x4800_0000, size: 0x7800_0000 },
      { start: 0x6_0000_0000, size: GiB(2) },
    ]);
    expect(facts.cpus.map(({ mpidr }) => mpidr)).toEqual([0, 1, 0x100, 0x101, 0x102, 0x103]);
    expect(facts.gic).toEqual(factsOf(board).gic);
    expect(facts.ppis).toEqual({ maintenance: 9, virtualTimer: 11, hypervisorTimer: 10 });
    const pools = { large: { cpus: ["cpu0", "cpu1"] }, small: { cpus: ["cpu2", "cpu3", "cpu4", "cpu5"] } };
    expect(await findings(relative, pools)).toEqual(["XI4512"]);
  });
});
