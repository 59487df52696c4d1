import { execFileSync } from "node:child_process";
import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { processorTime } from "../../dtc-js/src/testing/work.ts";
import { readAssignments } from "./read.ts";
import { keyOf } from "./assignment.ts";

const read = (text: string) => readAssignments({ name: "config", text });

/** The last value of each variable. */
const values = (text: string): Record<string, string> | undefined => {
  const { value } = read(text);
  return value && Object.fromEntries(value.map(({ name, index, value }) => [keyOf(name, index), value]));
};

const findings = (text: string): string[] =>
  read(text).diagnostics.map(({ code, message, primary }) => {
    const { line = 0, column = 0 } = primary?.span?.start ?? {};
    return `${line}:${column} ${code} ${message}`;
  });

describe("a configuration in bash", () => {
  it.each<[string, Record<string, string>]>([
    ['A="1"', { "A[0]": "1" }],
    ["# comment\n\nA=1 # and B\n#B=2\n", { "A[0]": "1" }],
    ['A[0]="x"; A[12]=y', { "A[0]": "x", "A[12]": "y" }],
    ['declare -A H\nH[0,1]="2-3"', { "H[0,1]": "2-3" }],
    ["declare A=1 B=2", { "A[0]": "1", "B[0]": "2" }],
    [String.raw`A='$(no) \n'"\"\$\\ \x"\ b`, { "A[0]": String.raw`$(no) \n"$\ \x b` }],
    ['A="one \\\ntwo"', { "A[0]": "one two" }],
    ["A=a#b\r\nB=2\r\n", { "A[0]": "a#b", "B[0]": "2" }],
    ['A=1\nB="$A${A}${A[0]}x"', { "A[0]": "1", "B[0]": "111x" }],
    ["A=1\nA+=2", { "A[0]": "12" }],
    ['A="a\nb"', { "A[0]": "a\nb" }],
    ["A=", { "A[0]": "" }],
    ["A=1\r2\u00a03\v4\r\nB=2", { "A[0]": "1\r2\u00a03\v4", "B[0]": "2" }],
    ["A=1\ndeclare A=2 B=$A C A+=3", { "A[0]": "23", "B[0]": "1" }],
    ["declare -A A\nA[0,1]=x;B=${A[0,1]}", { "A[0,1]": "x", "B[0]": "x" }],
    ["A={1,2}", { "A[0]": "{1,2}" }],
    ["", {}],
  ])("is read: %j", (text, expected) => {
    expect(read(text).diagnostics).toEqual([]);
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ["A=$(date)", "1:3 XI2202 a command after $( would be run, and import runs nothing"],
    ['\nA="x $(date)"', "2:6 XI2202 a command after $( would be run, and import runs nothing"],
    ["A=`date`", "1:3 XI2202 a command in back-ticks would be run, and import runs nothing"],
    ['A="`date`"', "1:4 XI2202 a command in back-ticks would be run, and import runs nothing"],
    ["A=$((1+1))", "1:3 XI2202 arithmetic after $( would be run, and import runs nothing"],
    ["A=$[1+1]", "1:3 XI2202 arithmetic after $[ would be run, and import runs nothing"],
    ["source other", '1:1 XI2202 "source", which reads another file, would be run, and import runs nothing'],
    ["  . other", '1:3 XI2202 ".", which reads another file, would be run, and import runs nothing'],
    ["A=<(x)", '1:3 XI2203 "<" is not part of an assignment that can be read without running it'],
    ["A=(1 2)", '1:3 XI2203 "(" is not part of an assignment that can be read without running it'],
    ["A=~/x", "1:3 XI2203 ~, which may stand for a home folder, is not part of an assignment"],
    ['A="${B:-x}"', "1:4 XI2203 ${…} with more than a name is not part of an assignment"],
    ["A=x:~/y", "1:5 XI2203 ~, which may stand for a home folder,"],
    [";A=1", '1:1 XI2203 ";'],
    ["A=1;;", '1:4 XI2203 ";'],
    ["A=$1", '1:3 XI2203 "$1" is not part of an assignment'],
    ["A=$'x'", "1:3 XI2203 $'…' is not part of an assignment"],
    ["if true", '1:1 XI2203 "if" is not part of an assignment'],
    ["A = 1", '1:1 XI2203 "A" is not part of an assignment'],
    ["A=1 rm", '1:5 XI2203 "rm" is not part of an assignment'],
    ["A[$i]=1", "1:1 XI2203 the index [$i] is not part of an assignment"],
    ["A[08]=1", "1:1 XI2203 the index [08] is not part of an assignment"],
    ["declare -i A", '1:9 XI2203 "-i" is not part of an assignment'],
    ["A[10]=x\nB=${A[010]}", "2:3 XI2203 ${…} with more than a name is not part of an assignment"],
    ['A="$\\\nB"', "1:4 XI2203 $ at a line's end, which may have its name on the next, is not part of"],
    ["declare A={1,2}", "1:11 XI2203 a brace after declare, which may stand for several words, is not part of"],
    ["A=1 declare B=2", '1:5 XI2203 "declare" is not part of an assignment'],
    ["declare", "1:8 XI2203 declare without a name is not part of an assignment"],
    ["RANDOM=1", "1:1 XI2203 RANDOM, which bash keeps by itself, is not part of an assignment"],
    ["A=$LINENO", '1:3 XI2203 "$LINENO", which bash sets by itself, is not part of an assignment'],
    ["A=$PWD/x", '1:3 XI2203 "$PWD", which bash sets by itself, is not part of an assignment'],
    ['A="x', '1:3 XI2204 the quote " has no end'],
    ["A='x", "1:3 XI2204 the quote ' has no end"],
  ])("is refused with its place where it would have to be run: %j", (text, expected) => {
    expect(findings(text)[0]).toContain(expected);
    expect(values(text)).toBeUndefined();
  });

  it("has all its mistakes told", () => {
    expect(findings("A=$(a)\nB=1\nC=`c`\nexit\n").map((text) => text.slice(0, 10))).toEqual([
      "1:3 XI2202",
      "3:3 XI2202",
      "4:1 XI2203",
    ]);
  });

  it("may name a variable without a value, which is told and stands for nothing", () => {
    expect(values('A="x${B}y"')).toEqual({ "A[0]": "xy" });
    expect(findings('A="x${B}y"')).toEqual([
      '1:5 XI2205 "B" has no value here: bash puts nothing in its place, and so does import',
    ]);
  });
});

describe("a variable that names itself", () => {
  it("may be as long as the longest file, all together (XI2230)", () => {
    const doubled = (times: number): string => `A=${"x".repeat(1024)}\n${'A="$A$A"\n'.repeat(times)}`;
    expect(values(doubled(12))?.["A[0]"]).toHaveLength(2 ** 22);
    for (const text of [
      doubled(40),
      `${doubled(12)}B="${"$A".repeat(1_000_000)}"`,
      `${doubled(12)}${"A+=$A\n".repeat(1e5)}`,
    ]) {
      expect(findings(text)).toEqual([
        expect.stringMatching(
          /^\d+:\d+ XI2230 with "A" the variables of this file stand for more than 16777216 characters/,
        ),
      ]);
      expect(values(text)).toBeUndefined();
    }
  });
});

describe("an index of two numbers", () => {
  it("is what ImageBuilder means by it, and told where bash alone takes the last (XI2231)", () => {
    expect(values("A[0,1]=x\nA[0,2]=y")).toEqual({ "A[0,1]": "x", "A[0,2]": "y" });
    expect(findings("A[0,1]=x\nA[0,2]=y")).toEqual([
      "1:1 XI2231 A has two indices and is not declared: bash by itself takes [0,1] for [1]",
    ]);
  });
});

const snippet = fc.oneof(
  fc.constantFrom(...Array.from("AB\"'`$\\#;= \t\n[]{}()<>|&~.0,+-x")),
  fc.constantFrom("A=", "B=", "A[1]=", '"', "'", "${A}", "$B", "\\\n", "# x", "declare ", "\r\n", "é", "\\$", "A+="),
  fc.constantFrom(
    "\ndeclare A=",
    "declare -A A\n",
    "A[0,1]=",
    "${A[01]}",
    "${A[0,1]}",
    "{1,2}",
    "$\\\nA",
    "\r",
    "\u00a0",
    "\v",
  ),
  fc.constantFrom("$RANDOM", "LINENO=1", "_=1", "$PWD", "declare B=$A ", "\ufeff"),
);
const anyText = fc.array(snippet, { maxLength: 40 }).map((parts) => parts.join(""));
const assignmentText = fc
  .tuple(fc.constantFrom("A=", "B=", "A[1]=", "B+=", "A[0]="), fc.array(snippet, { maxLength: 8 }))
  .map(([target, parts]) => `${target}"${parts.join("").replaceAll(/["`\\]|\$\(|\$\{(?![AB]\})/g, "")}"\n`);

/** What bash makes of the text: a restricted one without programs, which writes no files. */
function bash(text: string, keys: readonly string[]): Record<string, string> {
  const print = keys.map((key) => `printf '%s\\0' "\${${key}}"`).join("\n");
  const output = execFileSync("/bin/bash", ["--noprofile", "--norc", "-r", "-s"], {
    input: `${text}\n${print}\n`,
    env: { PATH: "" },
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
  const found = output.split("\0");
  return Object.fromEntries(keys.map((key, index) => [key, found[index] ?? ""]));
}

describe("any text whatever", () => {
  property.prop([fc.oneof(anyText, fc.string({ unit: "binary" }))], { numRuns: 2000 })(
    "is read, or refused with places inside it",
    (text) => {
      const { value, diagnostics } = read(text);
      expect(value === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      for (const { primary } of diagnostics) {
        const { start, end } = primary?.span ?? {};
        expect(start?.offset).toBeGreaterThanOrEqual(0);
        expect(end?.offset).toBeLessThanOrEqual(text.length + 1);
      }
    },
  );

  property.prop(
    [
      fc.oneof(
        anyText,
        fc.array(assignmentText, { maxLength: 6 }).map((lines) => lines.join("")),
      ),
    ],
    { numRuns: 400 },
  )("that is read has the values that bash gives it", (text) => {
    // What follows the text in the comparison is not to be continued by it, and bash keeps the CR of a line's end.
    const plain = text.replaceAll(/\r+\n/g, "\n").replace(/\\+$/, "");
    const ours = values(plain);
    if (read(plain).diagnostics.some(({ code }) => code === "XI2231")) return;
    if (ours === undefined || Object.keys(ours).length === 0) return;
    expect(ours).toEqual(bash(plain, Object.keys(ours)));
  });

  it("is read in time that grows with its length", { retry: 2 }, () => {
    for (const line of ['A="x"\n', 'A="$A"\n', "A=\\\n", "#\n", "A='\n", 'A="', "A=$(\n"]) {
      const time = (count: number): number => processorTime(() => read(line.repeat(count)), 3);
      expect(time(160_000)).toBeLessThan(24 * time(20_000));
    }
  });
});
