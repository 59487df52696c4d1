import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { processorTime } from "../../dtc-js/src/testing/work.ts";
import { readOptions } from "./read.ts";
import type { Value } from "./value.ts";
import { wholeNumber } from "./value.ts";

const read = (text: string) => readOptions({ name: "xl.cfg", text });

const plain = (value: Value): unknown =>
  value.kind === "list" ? value.items.map(plain) : value.kind === "number" ? { number: value.text } : value.text;

const values = (text: string): unknown => read(text).value?.map(({ name, value }) => [name, plain(value)]);

const findings = (text: string): readonly string[] =>
  read(text).diagnostics.map(({ code, message, primary }) => {
    const { line = 0, column = 0 } = primary?.span?.start ?? {};
    return `${line}:${column} ${code} ${message}`;
  });

describe("an xl.cfg", () => {
  it.each<[string, unknown]>([
    ["", []],
    ["# nothing\n\n", []],
    ['name = "web"', [["name", "web"]]],
    [
      "name='web'\ntype=\t\"pvh\"\n",
      [
        ["name", "web"],
        ["type", "pvh"],
      ],
    ],
    [
      'name="h0"; vcpus=2;',
      [
        ["name", "h0"],
        ["vcpus", { number: "2" }],
      ],
    ],
    [
      "a=1 # one\r\nb=2\r\n",
      [
        ["a", { number: "1" }],
        ["b", { number: "2" }],
      ],
    ],
    [
      "a = 0x1F\nb = 017\nc = 0",
      [
        ["a", { number: "0x1F" }],
        ["b", { number: "017" }],
        ["c", { number: "0" }],
      ],
    ],
    ["a = -3600", [["a", { number: "-3600" }]]],
    [`extra = "it's # no comment; \\n"`, [["extra", "it's # no comment; \\n"]]],
    [`extra = 'say "x"'`, [["extra", 'say "x"']]],
    ["disk = []", [["disk", []]]],
    ["disk = [ 'a', \"b\" ]", [["disk", ["a", "b"]]]],
    [
      "disk = [\n  'a',   # first\n\n  'b',\n]\nname = 'x'",
      [
        ["disk", ["a", "b"]],
        ["name", "x"],
      ],
    ],
    ["cpus = [2, '3', [4, ['5']]]", [["cpus", [{ number: "2" }, "3", [{ number: "4" }, ["5"]]]]]],
    ["a=[1\n,2]", [["a", [{ number: "1" }, { number: "2" }]]]],
    ['root = ""', [["root", ""]]],
  ])("is read: %j", (text, expected) => {
    expect(findings(text)).toEqual([]);
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ["name = web", '1:8 XI2260 "web" cannot stand here: a value is a text in quotes, a number or a list in [ ]'],
    ["vcpus = True", '1:9 XI2260 "True" cannot stand here: a value is'],
    ["memory = 08", '1:10 XI2260 "08" cannot stand here: a value is'],
    ["memory = 1.5", '1:10 XI2260 "1.5" cannot stand here: a value is'],
    ["memory = 512MB", '1:10 XI2260 "512MB" cannot stand here: a value is'],
    ["name =\n", "1:7 XI2260 the end of the line cannot stand here: a value is"],
    ["name =", "1:7 XI2260 the end of the file cannot stand here: a value is"],
    ["name", "1:5 XI2260 the end of the file cannot stand here: the name of an option is followed by ="],
    ["name 'x'", '1:6 XI2260 "\'" cannot stand here: the name of an option is followed by ='],
    ["disk += []", '1:6 XI2260 "+" cannot stand here: the name of an option is followed by ='],
    ["\n  2 = 3", '2:3 XI2260 "2" cannot stand here: a line begins with the name of an option'],
    ["import os", '1:8 XI2260 "os" cannot stand here: the name of an option is followed by ='],
    ["a = 1 2", '1:7 XI2260 "2" cannot stand here: after a value comes the next line, or a ;'],
    ["a = 'x' + 'y'", '1:9 XI2260 "+" cannot stand here: after a value'],
    ["a = {}", '1:5 XI2260 "{" cannot stand here: a value is'],
    ["a = ['x' 'y']", '1:10 XI2260 "\'" cannot stand here: the items of a list have a comma between them'],
    ["a = [,]", '1:6 XI2260 "," cannot stand here: a value is'],
    ["a = 'x\nb = 1", "1:5 XI2261 the text that begins here has no closing quote on its line"],
    ["a = [ b=1 ]", '1:7 XI2260 "b" cannot stand here: a value is'],
    ["a = [ 'x', b = 1 ]", '1:12 XI2260 "b" cannot stand here: a value is'],
    ["a = [ 'x'", "1:5 XI2261 the list that begins here has no ]"],
    ["a = [ 'x',\nmemory = 5", "1:5 XI2261 the list that begins here has no ]"],
    ["a = [ 'x'\nmemory = 5", "1:5 XI2261 the list that begins here has no ]"],
    ["a = [[[[[[[[[[]]]]]]]]]]", "1:13 XI2262 lists are nested more than 8 deep: import reads 8 at most"],
  ])("is refused with its place: %j", (text, expected) => {
    expect(findings(text)[0]).toContain(expected);
    expect(values(text)).toBeUndefined();
  });

  it("has all its mistakes told, each once", () => {
    const text = "a = x\nb = [ 'y,\n  'z' ]\nc = [1,\nd = 2\ne = {}\n";
    expect(findings(text).map((finding) => finding.slice(0, 10))).toEqual([
      "1:5 XI2260",
      "2:7 XI2261",
      "4:5 XI2261",
      "6:5 XI2260",
    ]);
  });

  it.each([
    ["options", "a=1\n".repeat(1001), "1001:1 XI2262 more than 1000 options"],
    ["values", `a=[${"1,".repeat(20_001)}]`, "1:40002 XI2262 more than 20000 values"],
    ["mistakes", "a=x\n".repeat(10_000), '1:3 XI2260 "x"'],
  ])("of too many %s is read so far and no farther", (_, text, expected) => {
    expect(findings(text)[0]).toContain(expected);
    expect(findings(text).length).toBeLessThanOrEqual(50);
  });
});

describe("a number", () => {
  it.each([
    ["12", 12],
    [" 12 ", 12],
    ["0x1f", 31],
    ["017", 15],
    ["0", 0],
    ["00", 0],
    ["08", undefined],
    ["-1", undefined],
    ["", undefined],
    ["1 2", undefined],
    ["99999999999999999999", undefined],
    ["0xffffffffffffffffffff", undefined],
  ])("%j is %j", (text, expected) => {
    expect(wholeNumber(text)).toBe(expected);
  });
});

const snippet = fc.constantFrom(
  ...Array.from("ab\"'[],;#=\n\t 0x.-+{}\\é"),
  ...["name = ", "disk = [", "'x'", '"y"', "# z\n", "017", "\r\n", "]\n", "cpus=", "\u2028", "\ud800"],
);
const anyText = fc.array(snippet, { maxLength: 60 }).map((parts) => parts.join(""));

describe("any text whatever", () => {
  property.prop([fc.oneof(anyText, fc.string({ unit: "binary" }))], { numRuns: 3000 })(
    "is read, or refused with places inside it",
    (text) => {
      const { value, diagnostics } = read(text);
      expect(value === undefined).toBe(diagnostics.length > 0);
      for (const { primary } of diagnostics) {
        const { start, end } = primary?.span ?? {};
        expect(start?.offset).toBeGreaterThanOrEqual(0);
        expect(end?.offset).toBeLessThanOrEqual(text.length + 1);
      }
    },
  );

  interface Written {
    readonly text: string;
    readonly means: unknown;
  }
  const { value } = fc.letrec<{ value: Written }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string().map((any) => {
        const means = any.replaceAll(/["\n]/g, "");
        return { text: `"${means}"`, means };
      }),
      fc.nat().map((number) => ({ text: String(number), means: { number: String(number) } })),
      fc
        .array(tie("value"), { maxLength: 4 })
        .map((items) => ({
          text: `[ ${items.map(({ text }) => text).join(" ,\n ")} ]`,
          means: items.map(({ means }) => means),
        })),
    ),
  }));
  const end = fc.constantFrom("\n", ";", " ; ", " # and so on\n", "\r\n\n");
  property.prop([fc.array(fc.tuple(fc.constantFrom("name", "disk", "x_1"), value, end), { maxLength: 8 })], {
    numRuns: 500,
  })("that the manual page's grammar makes has the values that went into it", (lines) => {
    expect(values(lines.map(([name, { text }, after]) => `${name} = ${text}${after}`).join(""))).toEqual(
      lines.map(([name, { means }]) => [name, means]),
    );
  });

  it("is read in time that grows with its length", { retry: 2 }, () => {
    for (const line of ["a='x'\n", "a=x\n", "#\n", "a=[\n", "a='", "[", "a=[1,\n", " ", "x y\n", "name = 'x' # y\n"]) {
      const time = (count: number): number => processorTime(() => read(line.repeat(count)), 3);
      expect(time(160_000)).toBeLessThan(24 * time(20_000));
    }
  });
});
