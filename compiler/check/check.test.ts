import { describe, expect, it } from "vitest";
import { GiB, MiB } from "../base/units.ts";
import { qemuVirt } from "../../boards/index.ts";
import { checkSystem } from "../testing/system.ts";

/** Domains whose banks all overlap: of n there are n (n - 1) / 2 pairs. */
const overlapping = (count: number) =>
  checkSystem({
    board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(8) }),
    domains: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `d${index}`,
        { kernel: "Image", memory: [{ at: 0x8000_0000 + index * 4096, size: MiB(32) }] },
      ]),
    ),
  });

describe("the errors of one rule", () => {
  it("are all shown, where they are not too many", async () => {
    const { diagnostics } = await overlapping(45);
    expect(diagnostics.filter(({ code }) => code === "XI4001")).toHaveLength(990);
    expect(diagnostics.filter(({ code }) => code === "XI4760")).toEqual([]);
  });

  it("end at a thousand, and say so", async () => {
    const { diagnostics } = await overlapping(46);
    expect(diagnostics.filter(({ code }) => code === "XI4001")).toHaveLength(1000);
    expect(diagnostics.filter(({ code }) => code === "XI4760")).toEqual([
      expect.objectContaining({
        severity: "info",
        message: "XI4001 comes up more often than 1000 times; no more are shown",
      }),
    ]);
  });
});
