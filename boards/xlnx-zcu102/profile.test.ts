import { describe, expect, it } from "vitest";
import { GiB } from "../../compiler/index.ts";
import { debian } from "../../system/testing/paths.ts";
import { factsOf } from "../testing/facts.ts";
import { xlnxZcu102 } from "./profile.ts";

describe("xlnxZcu102", () => {
  it("finds in the vendor's tree what the core needs", () => {
    const facts = factsOf(xlnxZcu102({ deviceTree: debian("zynqmp-zcu102") }));
    expect(facts.ram).toEqual([
      { start: 0, size: GiB(2) },
      { start: GiB(32), size: GiB(2) },
    ]);
    expect(facts.reserved).toEqual([]);
    expect(facts.cpus.map(({ label, mpidr }) => [label, mpidr])).toEqual([
      ["cpu0", 0],
      ["cpu1", 1],
      ["cpu2", 2],
      ["cpu3", 3],
    ]);
    // The CPU interfaces' pages repeat throughout 64 KiB each.
    expect(facts.gic).toEqual({
      version: 2,
      distributor: { start: 0xf901_0000, size: 0x1_0000 },
      cpuInterface: { start: 0xf902_0000, size: 0x2_0000 },
      virtualInterface: { start: 0xf906_0000, size: 0x2_0000 },
    });
    expect(facts.console).toEqual({
      path: "/axi/serial@ff000000",
      mmio: { start: 0xff00_0000, size: 0x1000 },
      spi: 21,
    });
    expect(facts.uarts).toEqual(["/axi/serial@ff000000", "/axi/serial@ff010000"]);
  });

  it("wants the tree's path", () => {
    expect(() => xlnxZcu102({} as never)).toThrow(
      "xlnxZcu102: deviceTree is the path of the vendor's .dtb, not undefined",
    );
    expect(() => xlnxZcu102({ deviceTree: "" })).toThrow('not ""');
  });
});
