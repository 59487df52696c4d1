import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, it as property } from "@fast-check/vitest";
import { afterAll, describe, expect, it } from "vitest";
import type { Variable } from "./print.ts";
import { printVariables } from "./print.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-print-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The values that bash has for these variables when it has run the text, with nothing unset allowed. */
function bash(text: string, variables: readonly Variable[]): readonly string[] {
  const path = join(folder, "text");
  writeFileSync(path, text);
  execFileSync("/bin/bash", ["-n", path]);
  const print = variables.map(({ name, index }) => `printf '%s\\0' "\${${name}[${index.join(",") || 0}]}"`);
  const script = ["set -eu", `source ./text`, ...print].join("\n");
  const output = execFileSync("/bin/bash", ["--noprofile", "--norc", "-c", script], { cwd: folder, encoding: "utf8" });
  return output.split("\0").slice(0, -1);
}

const hostile = fc.constantFrom(
  "$(touch hit)",
  "`touch hit`",
  "; touch hit;",
  "\ntouch hit\n",
  '"',
  "'",
  "'\\''",
  "\\",
  "\\\n",
  "$",
  "${HOME}",
  "$((1/0))",
  "!",
  "!!",
  "~",
  "*",
  "#",
  "&",
  "|",
  " ",
  "\t",
  "\r",
  "é",
  "\u0001",
);
const text = fc
  .array(fc.oneof(hostile, fc.string({ unit: "grapheme" })), { maxLength: 12 })
  .map((parts) => parts.join("").replaceAll("\0", ""));
const variables = fc.array(text, { minLength: 1, maxLength: 20 }).map((values) =>
  values.flatMap((value, index): readonly Variable[] => [
    { name: "PLAIN", index: [index], value },
    { name: "PAIRS", index: [index, 1], value },
    { name: `SINGLE_${index}`, index: [], value },
  ]),
);

describe("printed assignments", () => {
  property.prop([variables], { numRuns: 150 })(
    "give bash the values that are meant, and nothing to run",
    (variables) => {
      expect(bash(printVariables([variables]), variables)).toEqual(variables.map(({ value }) => value));
      expect(readdirSync(folder)).toEqual(["text"]);
      expect(readFileSync(join(folder, "text"), "utf8")).toBe(printVariables([variables]));
    },
  );

  it("have numbers bare, other text in double quotes, and in single ones where it needs them", () => {
    const variable = (value: string): Variable => ({ name: "A", index: [0], value });
    expect(printVariables([["12", "0x12", "a 'b'", 'a "b"', `it's "$b"`, ""].map(variable)])).toBe(
      String.raw`A[0]=12
A[0]="0x12"
A[0]="a 'b'"
A[0]='a "b"'
A[0]='it'\''s "$b"'
A[0]=""
`,
    );
  });

  it("declare an array with two indices, once, and keep paragraphs apart", () => {
    const pair = (second: number): Variable => ({ name: "P", index: [0, second], value: "1" });
    expect(printVariables([[pair(0), pair(1)], [], [pair(2)]])).toBe("declare -A P\nP[0,0]=1\nP[0,1]=1\n\nP[0,2]=1\n");
  });
});
