import { describe, expect, it } from "vitest";
import { formatCounts, settle, sum, summaryLine, vitestFailures, vitestReport } from "./counts.mjs";

describe("the last line of a runner", () => {
  it("is the one that counts, not an earlier one", () => {
    const output = "ring: ok\n3 passed, 0 failed\nmore\n40 passed, 2 failed\n";
    expect(summaryLine(output)).toEqual({ passed: 40, failed: 2, skipped: 0 });
  });

  it("may name skipped tests", () => {
    expect(summaryLine("1 passed, 0 failed, 7 skipped")).toEqual({ passed: 1, failed: 0, skipped: 7 });
  });

  it("is not found inside a sentence", () => {
    expect(summaryLine("expected 1 passed, 0 failed here")).toBeUndefined();
  });
});

describe("vitest's report", () => {
  it("counts a file that could not be loaded as a failure", () => {
    const report = {
      numPassedTests: 4,
      numFailedTests: 0,
      numPendingTests: 1,
      testResults: [{ status: "failed", assertionResults: [] }],
    };
    expect(vitestReport(JSON.stringify(report))).toEqual({ passed: 4, failed: 1, skipped: 1 });
  });

  it("names what failed: a test with how its message begins, and a file that failed without one", () => {
    const passed = { status: "passed", fullName: "the core boots" };
    const failed = { status: "failed", fullName: "the core halts", failureMessages: ["Error: no line\n    at run"] };
    const testResults = [
      { name: "/x/system/boot.test.ts", status: "failed", assertionResults: [passed, failed] },
      { name: "/x/docs/guide.test.ts", status: "failed", message: "no such module", assertionResults: [] },
      { name: "/x/cli/set-up.test.ts", status: "failed", message: "no qemu", assertionResults: [passed] },
      { name: "/x/docs/fine.test.ts", status: "passed", assertionResults: [passed] },
    ];
    expect(vitestFailures(JSON.stringify({ testResults }), "/x")).toEqual([
      "system/boot.test.ts: the core halts: Error: no line",
      "docs/guide.test.ts: no such module",
      "cli/set-up.test.ts: no qemu",
    ]);
  });

  it("is nothing where the runner wrote none", () => {
    expect(vitestReport("")).toBeUndefined();
  });
});

describe("a runner's verdict", () => {
  it("is a failure where it ran no test", () => {
    expect(settle({ passed: 0, failed: 0, skipped: 3 }, 0)).toEqual({ passed: 0, failed: 1, skipped: 3 });
    expect(settle(undefined, 0).failed).toBe(1);
  });

  it("is a failure where the exit code says so and the counts do not", () => {
    expect(settle({ passed: 5, failed: 0, skipped: 0 }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });

  it("keeps the counts of a runner that knows what failed", () => {
    expect(settle({ passed: 5, failed: 2, skipped: 0 }, 1)).toEqual({ passed: 5, failed: 2, skipped: 0 });
  });
});

it("the sum names skipped tests only where there are some", () => {
  const one = { passed: 1, failed: 0, skipped: 0 };
  expect(formatCounts(sum([one, one]))).toBe("2 passed, 0 failed");
  expect(formatCounts(sum([one, { passed: 0, failed: 1, skipped: 2 }]))).toBe("1 passed, 1 failed, 2 skipped");
});
