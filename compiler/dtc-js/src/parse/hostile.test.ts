import { describe, expect, it } from "vitest";
import { parse } from "./parse.ts";
import { processorTime } from "../testing/work.ts";

const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => row(index)).join("");
const root = (content: string): string => `/dts-v1/; / { ${content} };`;

/** Sources that make one thing long. Each is read in time that grows with its size. */
const sources: Readonly<Record<string, (count: number) => string>> = {
  "a long line of #": (count) => root("#".repeat(count * 4)),
  "a long line of # and spaces": (count) => root("# ".repeat(count * 4)),
  "properties named # on one line": (count) => root(rows(count, (index) => `#${index};`)),
  "labels of one node": (count) => root(`${rows(count, (index) => `l${index}: `)} a { };`),
  "labels of one property": (count) => root(`${rows(count, (index) => `l${index}: `)} a;`),
  "labels of one node behind /omit-if-no-ref/": (count) =>
    root(`${rows(count, (index) => `/omit-if-no-ref/ l${index}: `)} a { };`),
  "labels of one node, one by one": (count) => `${root("a { };")} ${rows(count, (index) => `l${index}: &{/a} { };`)}`,
  "references through the labels of one node": (count) =>
    `${root(`${rows(count, (index) => `l${index}: `)} a { };`)} ${rows(count, (index) => `&l${index} { };`)}`,
  "one label that moves": (count) =>
    `${root("")} ${rows(count, (index) => `/ { l: a${index} { }; }; /delete-node/ &l;`)}`,
  "one label given again and again": (count) => `${root("l: a { };")} ${rows(count, () => "/ { l: a { }; }; &l { };")}`,
  "references by path": (count) =>
    `${root(rows(count, (index) => `a${index} { };`))} ${rows(count, (index) => `&{/a${index}} { };`)}`,
  "deletions of one large node": (count) =>
    `${root(`a { ${rows(count, (index) => `p${index};`)} };`)} ${"/ { /delete-node/ a; };".repeat(count)}`,
  "labels of one property that is deleted each time": (count) =>
    `${root("")} ${rows(count, (index) => `/ { l${index}: p; }; / { /delete-property/ p; };`)}`,
  "labels of one node that is deleted each time": (count) =>
    `${root("")} ${rows(count, (index) => `/ { l${index}: a { }; }; / { /delete-node/ a; };`)}`,
  "bytes without space, each of them like a label": (count) => root(`a = [${"cd".repeat(count * 8)}];`),
  "bytes without space, all before one label": (count) => root(`a = [${"12".repeat(count * 8)}l: 34];`),
  "quotes behind a mistake": (count) => root(`a = x "${'\\"'.repeat(count * 2)}`),
  "apostrophes behind a mistake": (count) => root(`a = x '${"\\'".repeat(count * 2)}`),
  reservations: (count) => `/dts-v1/; ${"/memreserve/ 1 1;".repeat(count)} / { };`,
  comments: (count) => root(`${"/* */".repeat(count)} ${"// x\n".repeat(count)}`),
};

const microseconds = (run: () => unknown): number => processorTime(run, 3);

describe("eight times the source takes less than thirty times the work:", { timeout: 60_000 }, () => {
  it.each(Object.entries(sources))("%s", (_, source) => {
    const [small, large] = [source(2_000), source(16_000)];
    const work = microseconds(() => parse(small));
    // Four milliseconds are granted: below them, the clock and the heap say more than the source.
    expect(microseconds(() => parse(large))).toBeLessThan(30 * Math.max(work, 4_000));
  });
});

describe("parse", () => {
  it("does not let references carry nodes below the deepest level", () => {
    const level = (label: string, at: string): string =>
      `&${at} { ${"n { ".repeat(600)} ${label}: m { }; ${"}; ".repeat(600)} };`;
    const { value, diagnostics } = parse(
      `${root("l0: a { };")} ${rows(30, (index) => level(`l${index + 1}`, `l${index}`))}`,
    );
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.message).toBe("nodes nest deeper than 1024 levels");
  });

  it("goes on behind a string of any length", () => {
    const { diagnostics } = parse(root(`a = x "${"s".repeat(8_000_000)}"; b = ;`));
    expect(diagnostics).toHaveLength(2);
  });
});
