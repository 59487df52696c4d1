import { describe, expect, it } from "vitest";
import { GiB } from "../../compiler/index.ts";
import { debian } from "../../system/testing/paths.ts";
import { factsOf } from "../testing/facts.ts";
import { findings } from "../testing/findings.ts";
import { am62xSk } from "./profile.ts";

const board = am62xSk({ deviceTree: debian("k3-am625-sk") });

describe("am62xSk", () => {
  it("finds in the vendor's tree what the core needs", () => {
    const facts = factsOf(board);
    expect(facts.ram).toEqual([{ start: 0x8000_0000, size: GiB(2) }]);
    expect(facts.reserved.map(({ name, start }) => [name, start])).toEqual([
      ["/reserved-memory/ramoops@9ca00000", 0x9ca0_0000],
      ["/reserved-memory/r5f-dma-memory@9db00000", 0x9db0_0000],
      ["/reserved-memory/tfa@9e780000", 0x9e78_0000],
      ["/reserved-memory/optee@9e800000", 0x9e80_0000],
    ]);
    // The registers of a GICv2 that follow in its reg are none of the redistributors'.
    expect(facts.gic).toEqual({
      version: 3,
      distributor: { start: 0x180_0000, size: 0x1_0000 },
      redistributors: [{ start: 0x188_0000, size: 0xc_0000 }],
    });
    expect(facts.ppis).toEqual({ maintenance: 9, virtualTimer: 11, hypervisorTimer: 10 });
    expect(facts.cpus.map(({ mpidr }) => mpidr)).toEqual([0, 1, 2, 3]);
    expect(facts.psci).toBe("smc");
    expect(facts.console?.path).toBe("/bus@f0000/serial@2800000");
  });

  it("has a place for two domains, and a console that the core does not drive", async () => {
    expect(await findings(board)).toEqual(["XI4512"]);
  });
});
