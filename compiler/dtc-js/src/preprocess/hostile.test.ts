import { describe, expect, it } from "vitest";
import { parse } from "../parse/parse.ts";
import { processorTime } from "../testing/work.ts";
import { preprocess } from "./preprocess.ts";

const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => row(index)).join("");

/** Sources that make one thing long. Each is read in time that grows with its size. */
const sources: Readonly<Record<string, (count: number) => string>> = {
  macros: (count) => rows(count, (index) => `#define M${index} ${index}\n`) + rows(count, (index) => `M${index} `),
  "uses on one line": (count) => `#define F(a) <a>\n${"F(1) ".repeat(count)}`,
  "functions' names without arguments": (count) => `#define F(a) <a>\n${"F ".repeat(count)}`,
  parameters: (count) => `#define F(${rows(count * 4, (index) => `p${index},`)}q) q\n`,
  "one long argument": (count) => `#define F(a) <a>\nF(${"x ".repeat(count * 4)})`,
  "arguments over many lines": (count) => `#define F(a) <a>\n${"F(\n1\n)\n".repeat(count)}`,
  "many arguments": (count) => `#define V(...) a, ## __VA_ARGS__\nV(${"x,".repeat(count)})`,
  "macros that stand for macros": (count) => `${rows(count, (index) => `#define C${index} C${index + 1}\n`)}C0\n`,
  "quotes that do not end": (count) => `${`" '`.repeat(count)}\n${"don't\n".repeat(count)}`,
  "continued lines": (count) => `${"a\\\n".repeat(count)}\n${"#define A\\\n 1\nA\n".repeat(count)}`,
  "comments over lines": (count) => "/* a\n */ b // c\n".repeat(count),
  "what is skipped": (count) => "#if 0\nx 'y\n#else\nz\n#endif\n".repeat(count),
  "nested conditionals": (count) => `${"#if 1\n".repeat(count)}x\n${"#endif\n".repeat(count)}`,
  "numbers of lines": (count) => '#line 5 "x"\ny __LINE__\n'.repeat(count),
  "backslashes, slashes and #": (count) => `${"\\ ".repeat(count)}\n${"/ ".repeat(count)}\n${"# ".repeat(count)}`,
};

describe("eight times the source takes less than thirty times the work:", { timeout: 60_000 }, () => {
  it.each(Object.entries(sources))("%s", (_, source) => {
    const [small, large] = [source(2_000), source(16_000)];
    expect(preprocess(small).value).toBeDefined();
    const work = processorTime(() => preprocess(small), 3);
    // Four milliseconds are granted: below them, the clock and the heap say more than the source.
    expect(processorTime(() => preprocess(large), 2)).toBeLessThan(30 * Math.max(work, 4_000));
  });
});

describe("a large file that is included again and again", () => {
  it("is read up to a limit", () => {
    const large = `#if 0\n${"x".repeat(2 ** 22)}\n#endif\n`;
    const { diagnostics } = preprocess(
      rows(100, () => '#include "large"\n'),
      { include: (name) => ({ name, text: large }) },
    );
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      "include: included files have more than 33554432 characters",
    ]);
  });
});

describe("millions of characters between quotes", () => {
  it.each([
    ["a line marker", `# 1 "${"a".repeat(2 ** 24)}"\nx\n`],
    ["a line marker full of escapes", `# 1 "${"\\a".repeat(2 ** 23)}"\nx\n`],
    ["a line marker full of flags", `# 1 "a"${" 1".repeat(2 ** 23)}\nx\n`],
  ])("make %s", (_, text) => {
    expect(preprocess(text).value?.text).toMatch(/x\n$/);
    expect(parse(`${text}/dts-v1/;`).diagnostics.map(({ code }) => code)).toContain("syntax");
  });

  it("are one character literal too many", () => {
    const { diagnostics } = parse(`/dts-v1/; / { a = <('${"a".repeat(2 ** 24)}')>; };`);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "a character literal holds one character (one byte), not 16777216",
    ]);
  });
});
