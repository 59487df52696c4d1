import { describe, expect, it } from "vitest";
import { GiB, MiB } from "../../compiler/index.ts";
import { debian } from "../../system/testing/paths.ts";
import { factsOf } from "../testing/facts.ts";
import { findings } from "../testing/findings.ts";
import { raspberryPi4 } from "./profile.ts";

const board = (memory: 1 | 2 | 4 | 8) => raspberryPi4({ deviceTree: debian("bcm2711-rpi-4-b"), memory });

describe("raspberryPi4", () => {
  it("finds in the vendor's tree what the core needs, behind the bus's windows", () => {
    const facts = factsOf(board(4));
    expect(facts.gic).toEqual({
      version: 2,
      distributor: { start: 0xff84_1000, size: 0x1000 },
      cpuInterface: { start: 0xff84_2000, size: 0x2000 },
      virtualInterface: { start: 0xff84_6000, size: 0x2000 },
    });
    expect(facts.ppis).toEqual({ maintenance: 9, virtualTimer: 11, hypervisorTimer: 10 });
    expect(facts.cpus.map(({ mpidr }) => mpidr)).toEqual([0, 1, 2, 3]);
    expect(facts.psci).toBe("smc");
    expect(facts.console).toMatchObject({ path: "/soc/serial@7e215040", mmio: { start: 0xfe21_5040 } });
    expect(facts.uarts).toEqual(["/soc/serial@7e201000"]);
    // One page of the vendor's, and what Trusted Firmware-A keeps.
    expect(facts.reserved).toEqual([
      { name: "/memreserve/", start: 0, size: 0x1000 },
      { name: "/memreserve/", start: 0, size: 0x8_0000 },
    ]);
  });

  it.each([
    [1, [[0, GiB(1) - MiB(76)]]],
    [
      2,
      [
        [0, GiB(1) - MiB(76)],
        [GiB(1), GiB(1)],
      ],
    ],
    [
      8,
      [
        [0, GiB(1) - MiB(76)],
        [GiB(1), GiB(2)],
        [GiB(3), 0x3c00_0000],
        [GiB(4), GiB(2)],
        [GiB(6), GiB(2)],
      ],
    ],
  ] as const)("has the RAM of the model with %i GiB, which the vendor's tree leaves to the firmware", (memory, ram) => {
    expect(factsOf(board(memory)).ram).toEqual(ram.map(([start, size]) => ({ start, size })));
  });

  it("has a place for two domains, and prints at another UART than the tree's console", async () => {
    expect(await findings(board(8))).toEqual(["XI4515"]);
  });

  it("refuses a model that was never made", () => {
    expect(() => raspberryPi4({ deviceTree: "a.dtb", memory: 3 as never })).toThrow(
      "memory is 1, 2, 4, 8 (GiB), not 3",
    );
  });
});
