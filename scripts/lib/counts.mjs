import { relative } from "node:path";

/**
 * What a runner says that it ran. A step that only passes or fails (a compiler, a linter) counts as one.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * The numbers of the last "N passed, N failed[, N skipped]" line, which is how the runners of `make` end.
 * @param {string} output
 * @returns {Counts | undefined}
 */
export function summaryLine(output) {
  const matches = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/gm)];
  const last = matches.at(-1);
  if (last === undefined) return undefined;
  return { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3] ?? 0) };
}

/**
 * The numbers of vitest's JSON report. A file that could not be loaded has no failed test of its own, so it counts
 * as one failure.
 * @param {string} report
 * @returns {Counts | undefined}
 */
export function vitestReport(report) {
  /** @type {Record<string, unknown> & { testResults?: { status: string, assertionResults: unknown[] }[] }} */
  let parsed;
  try {
    parsed = JSON.parse(report);
  } catch {
    return undefined;
  }
  const broken = (parsed.testResults ?? []).filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  /** @param {string} key */
  const count = (key) => Number(parsed[key] ?? 0);
  return {
    passed: count("numPassedTests"),
    failed: count("numFailedTests") + broken.length,
    skipped: count("numPendingTests") + count("numTodoTests"),
  };
}

/**
 * What failed by vitest's JSON report, a line each: the file, the test, and how its message begins.
 * @param {string} report
 * @param {string} folder what is left out of the files' names
 * @returns {string[]}
 */
export function vitestFailures(report, folder) {
  /** @typedef {{ status: string, fullName: string, failureMessages?: string[] }} Test */
  /** @type {{ testResults?: { name: string, status: string, message?: string, assertionResults: Test[] }[] }} */
  const { testResults = [] } = JSON.parse(report);
  const begin = (/** @type {string | undefined} */ message) => message?.split("\n", 1)[0] ?? "";
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(folder, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && failed.length === 0) return [`${file}: ${begin(message)}`];
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${begin(failureMessages?.[0])}`);
  });
}

/**
 * Counts and exit code together: a runner that failed, or ran nothing, has a failure even where it counted none.
 * @param {Counts | undefined} counts
 * @param {number} code
 * @returns {Counts}
 */
export function settle(counts, code) {
  const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const silent = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: silent ? 1 : failed, skipped };
}

/** @param {readonly Counts[]} all @returns {Counts} */
export const sum = (all) =>
  all.reduce(
    (total, counts) => ({
      passed: total.passed + counts.passed,
      failed: total.failed + counts.failed,
      skipped: total.skipped + counts.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** @param {Counts} counts */
export const formatCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
