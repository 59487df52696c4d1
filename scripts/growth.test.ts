import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../boards/index.ts";
import { GiB, check } from "../compiler/index.ts";
import { files, tableHost } from "../compiler/testing/system.ts";
import { exponentOf, measureCheck } from "./lib/growth.mjs";
import { configurationOf, shapes } from "./lib/shapes.mjs";

const board = qemuVirt({ gic: 3, cpus: 4, memory: GiB(512) });

async function checked(system: Readonly<Record<string, unknown>>) {
  const begin = process.cpuUsage();
  const { diagnostics } = await check(tableHost(files), {
    config: { file: "board.ts", text: configurationOf(system), value: { board, ...system } },
    name: "board",
    target: { hypervisor: "core" },
    version: "0",
    hypervisor: { path: "core.img", name: "core.img" },
  });
  const { user, system: inKernel } = process.cpuUsage(begin);
  return { diagnostics, work: user + inKernel };
}

describe("the work of a check", () => {
  // Of four times as much: 4 times the work where it grows as the system does, 16 times where as its square.
  it.each(Object.entries(shapes))("grows as the system does: %s", async (_, shape) => {
    const [small, large] = [shape(250), shape(1000)];
    await checked(small);
    const ratios: number[] = [];
    // Others may be at work in this process, too: one good measurement is enough.
    while (ratios.length < 4 && !ratios.some((ratio) => ratio < 9)) {
      const before = await checked(small);
      ratios.push((await checked(large)).work / before.work);
    }
    expect(Math.min(...ratios)).toBeLessThan(9);
  });

  it.each(Object.entries(shapes))("says no more than somebody could read: %s", async (_, shape) => {
    const { diagnostics } = await checked(shape(1000));
    expect(diagnostics.length).toBeLessThanOrEqual(3002);
    expect(JSON.stringify(diagnostics).length).toBeLessThan(4 * 2 ** 20);
  });

  it.each(["one domain's banks", "one domain's banks that all overlap", "ten banks each"])(
    "takes less than 512 MiB: %s",
    (name) => {
      const folder = mkdtempSync(join(tmpdir(), "xenimg-growth-"));
      try {
        const { peakBytes } = measureCheck(folder, shapes[name]?.(1000) ?? {});
        // Node itself takes 40 MiB: less than that has not been measured.
        expect(peakBytes).toBeGreaterThan(2 ** 25);
        expect(peakBytes).toBeLessThan(2 ** 29);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

it("finds the exponent of a power law", () => {
  expect(exponentOf([1, 2, 4, 8].map((x) => [x, 5 * x ** 1.5]))).toBeCloseTo(1.5);
});
