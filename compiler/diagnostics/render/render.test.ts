import { describe, expect, it } from "vitest";
import type { Diagnostic, SourceSpan } from "../diagnostic.ts";
import type { RenderContext } from "./context.ts";
import { renderers } from "./index.ts";

const source = `export default {\n\tmemory: ["1GiB", "2GiB"],\n};\n`;
const context: RenderContext = {
  source: (file) => (file === "/project/board.ts" ? source : undefined),
  display: (file) => file.replace("/project/", ""),
  color: false,
  version: "1.2.3",
};

function span(line: number, column: number, endColumn: number, file = "/project/board.ts"): SourceSpan {
  return { file, start: { line, column, offset: 0 }, end: { line, column: endColumn, offset: 0 } };
}

const overlap: Diagnostic = {
  code: "XI4001",
  severity: "error",
  message: 'banks "a" & "b" overlap',
  primary: { path: ["memory", 1], span: span(2, 19, 25) },
  labels: [{ path: ["memory", 0], span: span(2, 11, 17), text: "the other bank" }],
  help: "move one,\nor both",
};
const placeless: Diagnostic = {
  code: "XI7004",
  severity: "warning",
  message: "100% slow",
  primary: { path: ["domains", "ui", 0] },
  labels: [],
};

describe("pretty", () => {
  it("shows what turns the direction of a message, or ends its line unseen, as text", () => {
    const message = "no disk \u202eadvx\u2066 of /a\u2028b\u200f";
    const shown = String.raw`no disk \u202eadvx\u2066 of /a\u2028b\u200f`;
    expect(renderers.pretty([{ ...placeless, message }], context)).toContain(shown);
  });

  it("shows control characters of a message as text", () => {
    const message = "threw \u001b[2Jone\r\u009b1G\ttwo";
    expect(renderers.pretty([{ ...placeless, message }], context)).toContain("threw \\x1b[2Jone\\x0d\\x9b1G\ttwo");
  });

  it("shows the line, marks the place and the related one, and ends with counts", () => {
    expect(renderers.pretty([overlap, placeless], context)).toBe(
      [
        'error XI4001: banks "a" & "b" overlap',
        "  --> board.ts:2:19",
        '2 | \tmemory: ["1GiB", "2GiB"],',
        "  | \t                 ^^^^^^",
        "  ::: board.ts:2:11",
        '2 | \tmemory: ["1GiB", "2GiB"],',
        "  | \t         ------ the other bank",
        "  help: move one,\nor both",
        "",
        "warning XI7004: 100% slow",
        "  --> domains.ui[0]",
        "",
        "1 error, 1 warning; `xenimg explain XI4001` says more",
        "",
      ].join("\n"),
    );
  });

  it("says the place alone where the source is not at hand", () => {
    const elsewhere = { ...placeless, primary: { span: span(7, 3, 4, "other.dts"), text: "defined here" } };
    expect(renderers.pretty([elsewhere], context)).toContain("  --> other.dts:7:3: defined here\n");
  });

  it("marks to the end of the line where the span goes on below", () => {
    const long = { ...placeless, primary: { span: { ...span(1, 16, 1), end: { line: 3, column: 2, offset: 0 } } } };
    expect(renderers.pretty([long], context)).toContain("\n  |                ^\n");
  });

  it("has colour only where it is wanted", () => {
    expect(renderers.pretty([overlap], context)).not.toContain("\u001B");
    expect(renderers.pretty([overlap], { ...context, color: true })).toContain("\u001B[31merror XI4001\u001B[0m");
  });

  it("is silent about a sound system", () => {
    expect(renderers.pretty([], context)).toBe("");
  });
});

it("json keeps everything, with files as the user calls them", () => {
  const parsed = JSON.parse(renderers.json([overlap], context)) as Record<string, unknown>[];
  expect(parsed[0]).toMatchObject({
    code: "XI4001",
    primary: { file: "board.ts", path: ["memory", 1], start: { line: 2, column: 19 } },
  });
  expect(parsed[0]?.["labels"]).toHaveLength(1);
});

it("github escapes what would end an annotation", () => {
  expect(renderers.github([overlap, placeless], context)).toBe(
    '::error file=board.ts,line=2,endLine=2,col=19,endColumn=25,title=XI4001::banks "a" & "b" overlap%0Ahelp: move one,%0Aor both\n' +
      "::warning title=XI7004::100%25 slow\n",
  );
});

describe("junit", () => {
  it("fails one test case for each error and escapes XML", () => {
    const xml = renderers.junit([overlap, placeless], context);
    expect(xml).toContain('<testsuite name="xenimg" tests="2" failures="1" errors="0" skipped="0">');
    expect(xml).toContain('<failure type="XI4001" message="banks &quot;a&quot; &amp; &quot;b&quot; overlap">');
    expect(xml).toContain('name="XI7004 domains.ui[0]"><system-out>');
  });

  it("passes one test case for a sound system", () => {
    expect(renderers.junit([], context)).toContain('tests="1" failures="0"');
  });
});

describe("sarif", () => {
  it("names rule, place and related place", () => {
    const log = JSON.parse(renderers.sarif([overlap, placeless], context)) as {
      version: string;
      runs: { results: unknown[] }[];
    };
    expect(log.version).toBe("2.1.0");
    expect(log.runs[0]).toMatchObject({
      tool: { driver: { name: "xenimg", version: "1.2.3", rules: [{ id: "XI4001" }, { id: "XI7004" }] } },
      results: [
        {
          ruleId: "XI4001",
          ruleIndex: 0,
          level: "error",
          locations: [
            { physicalLocation: { artifactLocation: { uri: "board.ts" }, region: { startLine: 2, startColumn: 19 } } },
          ],
          relatedLocations: [{ message: { text: "the other bank" } }],
        },
        { ruleId: "XI7004", level: "warning", locations: [] },
      ],
    });
  });
});
