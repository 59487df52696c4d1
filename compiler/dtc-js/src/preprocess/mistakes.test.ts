import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../diagnostic.ts";
import { MAX_ERRORS, MAX_WARNINGS } from "../limits.ts";
import { parse } from "../parse/parse.ts";
import type { IncludeResolver } from "../parse/include.ts";
import { preprocess } from "./preprocess.ts";

const include =
  (files: Readonly<Record<string, string>>): IncludeResolver =>
  (path) =>
    Object.hasOwn(files, path) ? { name: path, text: files[path] ?? "" } : undefined;

const place = ({ span }: Pick<Diagnostic, "span">): string =>
  span ? `${span.file}:${span.start.line}:${span.start.column}-${span.end.column}` : "";
const shown = (each: Diagnostic): string =>
  `${place(each)} ${each.severity === "warning" ? "warning " : ""}${each.code}: ${each.message}`;
const said = (text: string, files: Readonly<Record<string, string>> = {}): readonly string[] =>
  preprocess({ name: "a.dts", text }, { include: include(files) }).diagnostics.map(shown);

describe("a mistake is told with its place:", () => {
  it.each<[string, string]>([
    ["#include\n", 'a.dts:1:1-9 include: #include expects "FILENAME" or <FILENAME>'],
    ['#include "no.h" \n', 'a.dts:1:1-16 include: "no.h" cannot be included: there is no such file'],
    ["#include <no.h\n", 'a.dts:1:1-15 include: #include expects "FILENAME" or <FILENAME>'],
    ["#include_next <no.h>\n", "a.dts:1:1-14 directive: #include_next is not supported"],
    ["#define\n", "a.dts:1:1-8 macro: no macro name given in #define directive"],
    ["#define 3\n", "a.dts:1:9-10 macro: macro names must be identifiers"],
    ["#define defined 1", 'a.dts:1:9-16 macro: "defined" cannot be used as a macro name'],
    ["#define F(a,a) 1", 'a.dts:1:13-14 macro: duplicate macro parameter "a"'],
    ["#define F(a b) 1", 'a.dts:1:13-14 macro: expected "," or ")"'],
    ["#define F(1) 1", "a.dts:1:11-12 macro: expected the name of a parameter"],
    ["#define F(..., a) 1", 'a.dts:1:14-15 macro: expected ")" behind "..."'],
    ["#define F(a", 'a.dts:1:1-12 macro: expected "," or ")"'],
    ["#define A ## b", 'a.dts:1:11-13 macro: "##" cannot stand at either end of a macro'],
    ["#define A b ##\n", 'a.dts:1:13-15 macro: "##" cannot stand at either end of a macro'],
    ["#define A 1\n  #define A 2\n", 'a.dts:2:11-12 warning macro: "A" redefined'],
    ["#undef\n", "a.dts:1:1-7 macro: no macro name given in #undef directive"],
    ["#undef A b\n", "a.dts:1:10-11 warning directive: extra tokens at the end of #undef"],
    ["x\n#if 0\n#else\n", "a.dts:2:1-4 directive: unterminated #if"],
    ["#else\n", "a.dts:1:1-6 directive: #else without #if"],
    ["#elif 1\n", "a.dts:1:1-6 directive: #elif without #if"],
    ["#endif\n", "a.dts:1:1-7 directive: #endif without #if"],
    ["#if 1\n#else\n#else\n#endif", "a.dts:3:1-6 directive: #else behind #else"],
    ["#if 1\n#else x\n#endif", "a.dts:2:7-8 warning directive: extra tokens at the end of #else"],
    ["#ifdef\n#endif\n", "a.dts:1:1-7 directive: no macro name given in #ifdef directive"],
    ["#if\n#endif\n", "a.dts:1:1-4 expression: #if with no expression"],
    ["#if 1 / 0\n#endif\n", "a.dts:1:7-8 expression: division by zero in #if"],
    ["#if (1\n#endif\n", 'a.dts:1:5-6 expression: missing ")" in expression'],
    ["#if 1 2\n#endif\n", 'a.dts:1:7-8 expression: missing operator before "2"'],
    ["#if 1 +\n#endif\n", "a.dts:1:7-8 expression: the expression ends too early"],
    ['#if "a"\n#endif\n', 'a.dts:1:5-8 expression: ""a"" cannot stand in an expression'],
    ["#if 09\n#endif\n", 'a.dts:1:5-7 expression: "09" is no integer'],
    ["#if 1.0\n#endif\n", 'a.dts:1:5-8 expression: "1.0" is no integer'],
    ["#if 18446744073709551616\n#endif\n", 'a.dts:1:5-25 expression: "18446744073709551616" does not fit in 64 bits'],
    ["#if 1 ? 2\n#endif\n", 'a.dts:1:5-10 expression: expected ":" behind "?"'],
    ["#if 'ab'\n#endif\n", `a.dts:1:5-9 expression: "'ab'" is not one character`],
    ["#if defined\n#endif\n", 'a.dts:1:5-12 macro: "defined" needs the name of a macro'],
    ["#error  this isn't \"it\n", `a.dts:1:1-7 directive: #error this isn't "it`],
    [`#error ${"x".repeat(2000)}\n`, `a.dts:1:1-7 directive: #error ${"x".repeat(400)}…`],
    ["#warning w\n", "a.dts:1:1-9 warning directive: #warning w"],
    ["#line x\n", 'a.dts:1:1-8 directive: #line needs the number of a line, not "x"'],
    ["#line 1 x\n", 'a.dts:1:1-10 directive: #line needs the name of a file in quotes, not "x"'],
    ["#pragma x\n", "a.dts:1:1-10 warning directive: this #pragma is passed over"],
    ["x /* y\n z", "a.dts:1:3-5 syntax: this comment has no end"],
    ["#define F(a) a\n F(1\n2", 'a.dts:2:2-3 macro: unterminated argument list invoking macro "F"'],
    ["#define F(a) a\n F(1,2)", 'a.dts:2:2-3 macro: macro "F" takes 1 arguments, not 2'],
    ["#define F() a\n F(1)", 'a.dts:2:2-3 macro: macro "F" takes 0 arguments, not 1'],
    [
      "#define F(a) a\nF(\n#include <x>\n)",
      "a.dts:3:1-9 directive: no file can be included in the arguments of a macro",
    ],
    [
      '#define F(a) a\nF(\n#import "x"\n)',
      "a.dts:3:1-8 directive: no file can be included in the arguments of a macro",
    ],
    ['#line 20 "b.y"\n#error x\n', "b.y:20:1-7 directive: #error x"],
    ['# 20 "b.y" 1\n#error x\n', "b.y:20:1-7 directive: #error x"],
    ["a\\\nb\\\n #err\\\nor x\n#error y", "a.dts:5:1-7 directive: #error y"],
  ])("%j", (text, message) => {
    expect(said(text)).toEqual([message]);
  });

  it("in an included file with the directives that led there", () => {
    const files = { "b.h": '\n  #include "c.h"\n', "c.h": "#if 1 +\n#endif\n#define X" };
    const { value, diagnostics } = preprocess(
      { name: "a.dts", text: 'x\n#include "b.h"\n#define X 1' },
      { include: include(files) },
    );
    expect(value).toBeUndefined();
    expect(diagnostics.map(shown)).toEqual([
      "c.h:1:7-8 expression: the expression ends too early",
      'a.dts:3:9-10 warning macro: "X" redefined',
    ]);
    expect(diagnostics[0]?.trail?.map(place)).toEqual(["b.h:2:3-17", "a.dts:2:1-15"]);
    expect(diagnostics[1]?.related && place({ span: diagnostics[1].related })).toBe("c.h:3:9-10");
  });

  it("of the device tree where it was written, with the macro that made it", () => {
    const files = { "b.dtsi": "\t/* */ a = <BAD(1)>; b = < x>;\n" };
    const { diagnostics } = parse(
      { name: "a.dts", text: '/dts-v1/;\n#define BAD(n) n n y\n/ {\n#include "b.dtsi"\n};' },
      { include: include(files), preprocess: true },
    );
    expect(diagnostics.map(shown)).toEqual([
      'b.dtsi:1:13-19 syntax: expected a number, a reference or ">", got "y"',
      'b.dtsi:1:28-29 syntax: expected a number, a reference or ">", got "x"',
    ]);
    expect(diagnostics[0]?.trail?.map((step) => [step.kind, step.name, place(step)])).toEqual([
      ["macro", "BAD", "b.dtsi:1:13-19"],
      ["include", undefined, "a.dts:4:1-18"],
    ]);
  });

  it("of a macro that the caller defines", () => {
    const { value, diagnostics } = preprocess("x", {
      defines: { "A B": 1, defined: true, "F(x": 1, OK: 1, "G(x)": "x" },
    });
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '"A B": macro names must be identifiers',
      '"defined": "defined" cannot be used as a macro name',
      '"F(x": macro names must be identifiers',
    ]);
  });
});

describe("what the caller gives", () => {
  it("defines macros", () => {
    const { value } = preprocess("A B F(3)", { defines: { A: true, B: "x y", "F(n)": "<n>" } });
    expect(value?.text.split("\n").at(-1)).toBe("1 x y <3>");
  });

  it('tells <file> from "file", and is asked by the name of the file that is read', () => {
    const asked: unknown[] = [];
    preprocess(
      { name: "a.dts", text: '#line 3 "other"\n#include "b"\n#define C <c>\n#include C\n' },
      {
        include: (...question) => {
          asked.push(question);
          return { name: "folder/b", text: question[0] === "b" ? "#include <d>" : "" };
        },
      },
    );
    expect(asked).toEqual([
      ["b", "a.dts", false],
      ["d", "folder/b", true],
      ["c", "a.dts", true],
    ]);
  });

  it("finds /include/ and /incbin/ beside the file that names them", () => {
    const asked: string[] = [];
    parse(
      { name: "a.dts", text: '/dts-v1/;\n#include "x/b.dtsi"\n' },
      {
        preprocess: true,
        include: (path, from) => {
          asked.push(`${from} ${path}`);
          return { name: path, text: path === "x/b.dtsi" ? '/ { a = /incbin/("d"); };\n/include/ "c.dtsi"' : "" };
        },
        binary: (path, from) => {
          asked.push(`${from} ${path}`);
          return new Uint8Array();
        },
      },
    );
    expect(asked).toEqual(["a.dts x/b.dtsi", "x/b.dtsi d", "x/b.dtsi c.dtsi"]);
  });

  it("is not preprocessed unless that is asked for", () => {
    expect(parse("/dts-v1/;\n#define A 1\n/ { };").value).toBeUndefined();
    expect(parse("/dts-v1/;\n#define A 1\n/ { a = <A>; };", { preprocess: { defines: { B: 1 } } }).value).toBeDefined();
  });
});

describe("what never ends", () => {
  const chain = (count: number, body: (name: string) => string): string =>
    Array.from(
      { length: count },
      (_, index) => `#define m${index} ${body(index === 0 ? "x" : `m${index - 1}`)}\n`,
    ).join("");

  it.each<[string, string, RegExp]>([
    ["a macro of macros of macros", `${chain(64, (each) => `${each} ${each}`)}m63`, /more than 4194304 tokens/],
    [
      "a word that pastes itself twice",
      `#define C(a) D(a)\n#define D(a) a##a\n${"C(".repeat(60)}x${")".repeat(60)}`,
      /more than 4194304 tokens/,
    ],
    [
      "a string of strings",
      `#define S(a) #a\n#define T(a) S(a)\n${"T(".repeat(60)}"\\\\"${")".repeat(60)}`,
      /more than 4194304 tokens/,
    ],
    [
      "a string that a macro of macros repeats",
      `#define A "${"x".repeat(2 ** 20)}"\n${chain(11, (each) => (each === "x" ? "A" : `${each} ${each}`))}m10`,
      /a macro expands to more than 67108864 characters/,
    ],
    [
      "the name of a header that is such a string",
      `#define A "${"x".repeat(2 ** 20)}"\n${chain(11, (each) => (each === "x" ? "A" : `${each} ${each}`))}#include m10`,
      /a macro expands to more than 67108864 characters/,
    ],
    ["warnings", "#warning w\n".repeat(MAX_WARNINGS + 9), /more than 10000 warnings/],
    [
      "macros in arguments of macros",
      `#define F(a) a\n${"F(".repeat(999)}1${")".repeat(999)}`,
      /nest deeper than 200 levels/,
    ],
    ["parentheses", `#if ${"(".repeat(99_999)}1\n#endif`, /nests deeper than 200 levels/],
    ["signs", `#if ${"-".repeat(99_998).replaceAll("--", "-~")}1\n#endif`, /nests deeper than 200 levels/],
    ["questions", `#if ${"1 ? ".repeat(99_999)}1\n#endif`, /nests deeper than 200 levels/],
    [
      "a file that includes itself",
      '#include "self"',
      /^self:1:1-16 include: includes nest deeper than 200 files: "self"$/,
    ],
    ["a file that includes itself twice", '#include "twice"', /nest deeper than 200|more than 10000 includes/],
    ["mistakes", "#else\n".repeat(5000), /more than 100 errors/],
  ])("%s", (_, text, message) => {
    const files = { self: '#include "self"', twice: '#include "leaf"\n'.repeat(9999), leaf: '#include "twice"' };
    const diagnostics = said(text, files);
    expect(diagnostics.at(-1)).toMatch(message);
    expect(diagnostics.length).toBeLessThanOrEqual(
      1 + (diagnostics.some((each) => each.includes("warning")) ? MAX_WARNINGS : MAX_ERRORS),
    );
  });

  it("are no warnings: a source may have more of them than mistakes", () => {
    const { value, diagnostics } = preprocess("#warning w\n".repeat(MAX_ERRORS + 1));
    expect(value).toBeDefined();
    expect(diagnostics).toHaveLength(MAX_ERRORS + 1);
  });

  it("ends parse too, which says why and nothing else", () => {
    const { value, diagnostics } = parse('/dts-v1/;\n#include "self"\n/ { };', {
      preprocess: true,
      include: include({ self: '#include "self"' }),
    });
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["include"]);
    expect(diagnostics[0]?.trail).toHaveLength(199);
  });
});
