/** How `xenimg check` takes systems that grow: seconds, memory, and the exponent of their growth. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationOf, shapes, smallKernel } from "./shapes.mjs";
import { root } from "./shell.mjs";

const counts = [32, 100, 320, 1000];
const rounds = 3;

/**
 * One check, as a process of its own: wall clock, and the command line's processor time and most memory.
 * @param {string} folder @param {Readonly<Record<string, unknown>>} system
 * @returns {{ seconds: number, cpuSeconds: number, peakBytes: number }}
 */
export function measureCheck(folder, system) {
  writeFileSync(join(folder, "Image"), smallKernel());
  writeFileSync(join(folder, "board.ts"), configurationOf(system));
  const usage = join(folder, "usage.json");
  const args = ["--import", join(root, "scripts/lib/usage.mjs"), join(root, "dist/cli/bin.js"), "check"];
  const begin = process.hrtime.bigint();
  const result = spawnSync(process.execPath, [...args, join(folder, "board.ts")], {
    env: { ...process.env, USAGE_FILE: usage },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  // Most are far beyond what a hypervisor takes: that they are refused is an answer.
  if (result.status !== 0 && result.status !== 1) throw new Error(`xenimg check failed:\n${result.stderr}`);
  return { seconds, ...JSON.parse(readFileSync(usage, "utf8")) };
}

/**
 * The exponent of a power law: the slope of a line through the logarithms, by least squares.
 * @param {readonly (readonly [number, number])[]} points
 */
export function exponentOf(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (/** @type {number} */ axis) => logs.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const product = logs.reduce((sum, [a = 0, b = 0]) => sum + (a - x) * (b - y), 0);
  return product / logs.reduce((sum, [a = 0]) => sum + (a - x) ** 2, 0);
}

/** @param {number} number @param {number} width */
const column = (number, width, digits = 2) => number.toFixed(digits).padStart(width);

/**
 * A line for each shape. Seconds are the best of some rounds: whatever else the machine does only adds to them.
 * @param {string} folder
 */
export function reportGrowth(folder) {
  console.log(
    `${"seconds of check, whole process, by domains".padEnd(44)}${counts.map((n) => String(n).padStart(7)).join("")}   exponent  most MiB`,
  );
  for (const [name, make] of Object.entries(shapes)) {
    const runs = counts.map((count) => Array.from({ length: rounds }, () => measureCheck(folder, make(count))));
    const best = runs.map((all) => Math.min(...all.map(({ seconds }) => seconds)));
    const cpu = runs.map(
      (all, index) => /** @type {const} */ ([counts[index] ?? 0, Math.min(...all.map(({ cpuSeconds }) => cpuSeconds))]),
    );
    const peak = Math.max(...runs.flat().map(({ peakBytes }) => peakBytes)) / 2 ** 20;
    const verdict = exponentOf(cpu) < 1.2 && (best.at(-1) ?? 0) < 2 && (best[0] ?? 0) < 1 && peak < 512 ? "" : "  OVER";
    console.log(
      `${name.padEnd(44)}${best.map((s) => column(s, 7)).join("")}${column(exponentOf(cpu), 11)}${column(peak, 10, 0)}${verdict}`,
    );
  }
}
