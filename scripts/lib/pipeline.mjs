import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { formatCounts, settle, sum, summaryLine, vitestFailures, vitestReport } from "./counts.mjs";
import { root, run } from "./shell.mjs";

/**
 * One runner. `counts` says how its numbers are found: "exit" for tools that only pass or fail, "line" for those that
 * end with "N passed, N failed", "vitest" for vitest's report.
 * @typedef {{ name: string, program: string, args: readonly string[], counts: "exit" | "line" | "vitest", seconds: number }} Step
 */

/** @param {string} name @param {readonly string[]} args @returns {Step} */
const tool = (name, ...args) => ({ name, program: process.execPath, args, counts: "exit", seconds: 300 });
/** @param {string} name @param {Step["counts"]} counts @param {readonly string[]} args @returns {Step} */
const make = (name, counts, ...args) => ({
  name,
  program: "make",
  args: ["-s", "-C", "hypervisor", ...args],
  counts,
  seconds: 300,
});
/**
 * `verbose` names each test as it ends, with the reason of its failure; "default" waits for the end of the run with it.
 * @param {string} project @param {number} seconds @param {"default" | "verbose"} reporter @returns {Step}
 */
const vitest = (project, seconds, reporter) => ({
  name: `${project} tests`,
  program: process.execPath,
  args: [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project",
    project,
    // Vitest's own choice is one less than there are CPUs, which is one on two. Of the system tests, whose machines have
    // several CPUs and up to 2 GiB each, two files go at a time wherever they run.
    `--maxWorkers=${project === "unit" ? "100%" : "2"}`,
    "--reporter",
    reporter,
    "--reporter",
    "json",
    "--outputFile.json",
    reportOf(project),
  ],
  counts: "vitest",
  seconds,
});
/** @param {string} project */
const reportOf = (project) => join(root, ".cache", "reports", `${project}.json`);

/** Types, lint, format, architecture, unit tests, and the core in each of its builds. */
export const checks = [
  tool("types", "node_modules/typescript/bin/tsc", "-b"),
  tool("bundle", "scripts/bundle.mjs"),
  tool("types of tests and scripts", "node_modules/typescript/bin/tsc", "-p", "tsconfig.tests.json"),
  tool("types of the playground", "node_modules/typescript/bin/tsc", "-p", "compiler/dtc-js/playground"),
  tool("lint", "node_modules/eslint/bin/eslint.js", "."),
  tool("format", "node_modules/prettier/bin/prettier.cjs", "--check", "."),
  tool(
    "architecture",
    "node_modules/dependency-cruiser/bin/dependency-cruise.mjs",
    "--config",
    ".dependency-cruiser.cjs",
    "cli",
    "compiler",
    "boards",
  ),
  tool("unused code", "node_modules/knip/bin/knip.js"),
  vitest("unit", 1200, "default"),
  make("core with gcc", "exit"),
  make("core with clang", "exit", "LLVM=1", "O=build/clang"),
  make("core headers", "exit", "headers"),
  make("core tests", "line", "test"),
];

/** What CI runs beyond the checks. */
export const longTests = [make("core fuzzing", "exit", "fuzz", "FUZZ_SECONDS=60"), vitest("system", 1800, "verbose")];

/**
 * Runs all steps, whatever fails, and ends with the tests that failed and the sum of what the steps counted: who sees
 * only the end of a log learns what to look at.
 * @param {readonly Step[]} steps
 * @returns {Promise<number>} the exit code
 */
export async function runAll(steps) {
  mkdirSync(join(root, ".cache", "reports"), { recursive: true });
  const results = [];
  /** @type {string[]} */
  const failures = [];
  for (const step of steps) {
    console.log(`\n== ${step.name}`);
    const begin = Date.now();
    const counts = await runStep(step);
    if (step.counts === "vitest") failures.push(...(readReport(step, (text) => vitestFailures(text, root)) ?? []));
    results.push({ name: step.name, counts, seconds: (Date.now() - begin) / 1000 });
  }
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log("");
  for (const { name, counts, seconds } of results) {
    console.log(
      `${counts.failed > 0 ? "FAIL" : "ok  "}  ${name.padEnd(width)}  ${formatCounts(counts)} (${seconds.toFixed(0)} s)`,
    );
  }
  for (const failure of failures) console.log(`failed: ${failure}`);
  const total = sum(results.map(({ counts }) => counts));
  console.log(formatCounts(total));
  return total.failed > 0 ? 1 : 0;
}

/** @param {Step} step */
async function runStep(step) {
  const { program, args, counts, seconds } = step;
  if (counts === "vitest") rmSync(reportOf(projectOf(step)), { force: true });
  const { code, output } = await run(program, args, { seconds });
  if (counts === "vitest") return settle(readReport(step, vitestReport), code);
  if (counts === "line") return settle(summaryLine(output), code);
  return settle({ passed: code === 0 ? 1 : 0, failed: 0, skipped: 0 }, code);
}

/** @param {Step} step */
const projectOf = ({ name }) => name.split(" ")[0] ?? "";

/**
 * What vitest's report of a step says, where it wrote one.
 * @template T @param {Step} step @param {(report: string) => T} read
 */
function readReport(step, read) {
  try {
    return read(readFileSync(reportOf(projectOf(step)), "utf8"));
  } catch {
    return undefined;
  }
}
