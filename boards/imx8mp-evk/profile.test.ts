import { describe, expect, it } from "vitest";
import { GiB } from "../../compiler/index.ts";
import { debian } from "../../system/testing/paths.ts";
import { factsOf } from "../testing/facts.ts";
import { findings } from "../testing/findings.ts";
import { imx8mpEvk } from "./profile.ts";

const board = imx8mpEvk({ deviceTree: debian("imx8mp-evk") });

describe("imx8mpEvk", () => {
  it("finds in the vendor's tree what the core needs", () => {
    const facts = factsOf(board);
    expect(facts.ram).toEqual([
      { start: 0x4000_0000, size: GiB(3) },
      { start: GiB(4), size: GiB(3) },
    ]);
    expect(facts.reserved).toEqual([{ name: "/reserved-memory/dsp@92400000", start: 0x9240_0000, size: 0x200_0000 }]);
    expect(facts.gic).toEqual({
      version: 3,
      distributor: { start: 0x3880_0000, size: 0x1_0000 },
      redistributors: [{ start: 0x3888_0000, size: 0xc_0000 }],
    });
    expect(facts.ppis).toEqual({ maintenance: 9, virtualTimer: 11, hypervisorTimer: 10 });
    expect(facts.cpus.map(({ mpidr }) => mpidr)).toEqual([0, 1, 2, 3]);
    expect(facts.psci).toBe("smc");
    expect(facts.console?.path).toBe("/soc@0/bus@30800000/serial@30890000");
  });

  it("has a place for two domains, and a console that the core does not drive", async () => {
    expect(await findings(board)).toEqual(["XI4512"]);
  });
});
