import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../blob/encode.ts";
import { findNode, getProperty, walk } from "../find.ts";
import { parse } from "../parse/parse.ts";
import type { IncludeResolver } from "../parse/include.ts";
import { locate, trailOf, type Span } from "../span.ts";
import { cpp, lines, preprocessFolder } from "../testing/cpp.ts";
import { dtcCompile } from "../testing/dtc.ts";
import { preprocess, type Defines } from "./preprocess.ts";

const text = (source: string, defines: Defines = {}): string => {
  const { value, diagnostics } = preprocess({ name: "<stdin>", text: source }, { defines });
  expect(diagnostics).toEqual([]);
  return value?.text ?? "";
};
const fromFolder: IncludeResolver = (path) => {
  const name = `${preprocessFolder}${path}`;
  return existsSync(name) ? { name: path, text: readFileSync(name, "utf8") } : undefined;
};
const board = { name: "board.dts", text: readFileSync(`${preprocessFolder}board.dts`, "utf8") };

describe("a board of templates and constants", () => {
  it("is the same text as the C preprocessor's", () => {
    const { value, diagnostics } = preprocess(board, { include: fromFolder });
    expect(diagnostics).toEqual([]);
    expect(lines(value?.text ?? "")).toEqual(lines(cpp(board.text)));
  });

  it("is the same blob as that of cpp and dtc, also where dtc reads our text", () => {
    const expected = Buffer.from(dtcCompile(cpp(board.text))).toString("hex");
    const { value } = parse(board, { include: fromFolder, preprocess: true });
    expect(value && Buffer.from(encode(value)).toString("hex")).toBe(expected);
    const ours = preprocess(board, { include: fromFolder }).value?.text ?? "";
    expect(Buffer.from(dtcCompile(ours)).toString("hex")).toBe(expected);
  });

  it("keeps the places of the files that were written", () => {
    const { value } = parse(board, { include: fromFolder, preprocess: true });
    const place = (path: string, name?: string): string => {
      const node = value && findNode(value, path);
      const span = name === undefined ? node?.spans?.[0] : node && getProperty(node, name)?.span;
      if (!span) throw new Error(`there is no ${path}`);
      const { file, start, end } = locate(span);
      return `${file}:${start.line}:${start.column}-${end.line}:${end.column}`;
    };
    expect(place("/example-pic@f000", "reg")).toBe("soc.dtsi:17:3-17:29");
    expect(place("/serial@2000", "interrupts")).toBe("uart.dtsi:5:3-5:50");
    // What a macro makes is where the macro is used.
    expect(place("/cpus/cpu@1")).toBe("board.dts:34:3-34:12");
    expect(place("/", "gpios")).toBe("board.dts:43:2-51:3");
    expect(place("/", "after")).toBe("board.dts:63:2-63:7");
  });
});

describe("the place of every part", () => {
  const files: Readonly<Record<string, string>> = {
    "a.dts": board.text,
    "b.dts": `/dts-v1/;
#define NODE(n, p) n { p; };
#define TWO 1 2
#line 40 "b.y"
/ {
	a = <1 l: \\
		&n>, "x" /* ,
		 */, &n;
	m: b = <TWO l2: TWO>; c;
#include "c.dtsi"
	n: NODE(n, d = <l3: TWO>)
};
`,
    "c.dtsi": "\te\n= <\n/* */ &n>;\n",
  };
  const include: IncludeResolver = (path, ...rest) => {
    const text = files[path];
    return text === undefined ? fromFolder(path, ...rest) : { name: path, text };
  };
  const textOf = (file: string): string =>
    files[file === "b.y" ? "b.dts" : file] ?? readFileSync(`${preprocessFolder}${file}`, "utf8");

  it.each(["a.dts", "b.dts"])("of %s is where its file has it", (name) => {
    const { value, diagnostics } = parse({ name, text: textOf(name) }, { include, preprocess: true });
    expect(diagnostics).toEqual([]);
    if (!value) throw new Error("there is no tree");
    let own = 0;
    const check = (span: Span | undefined, begins: RegExp): void => {
      if (!span) throw new Error("there is no place");
      const { file, start, end } = locate(span);
      const text = textOf(file);
      const shift = file === "b.y" ? 35 : 0;
      for (const { line, column, offset } of [start, end]) {
        const before = text.slice(0, offset).split("\n");
        expect([line, column]).toEqual([before.length + shift, (before.at(-1)?.length ?? 0) + 1]);
      }
      const [step] = trailOf(span);
      if (step?.kind === "macro") {
        expect(text.slice(start.offset, end.offset)).toContain(step.name);
        expect(locate(span).start).toEqual(step.span.start);
        return;
      }
      own++;
      expect(text.slice(start.offset)).toMatch(begins);
    };
    for (const { node } of walk(value)) {
      for (const span of node.spans ?? []) check(span, /^(?:\w+:\s*)*(?:\w|\/ |&)/);
      for (const { name: called, labels, span, value: given } of node.properties) {
        if (span) check(span, new RegExp(`^(?:\\w+:\\s*)*${called.slice(0, 4).replace(/[+.?*]/g, "\\$&")}`));
        for (const label of labels) check(label.span, new RegExp(`^${label.name}:`));
        for (const marker of given.markers) {
          if (marker.kind === "label") check(marker.span, new RegExp(`^${marker.name}:`));
          else if (marker.kind !== "type") check(marker.span, /^&/);
        }
      }
    }
    expect(own).toBeGreaterThan(10);
  });
});

describe("agrees with cpp on", () => {
  it.each<[string, string]>([
    ["arguments", "#define F(a) [a]\nF( 1)F()F (3) F\n(4) F((1,2)) F\n;"],
    [
      "directives that need macros among arguments",
      "#define F(a) [a]\n#define G(b) F(b)\n#define N 7\nG(1\n#if N == 7\n2\n#elif 1\n3\n#endif\n4)",
    ],
    [
      "a counter that only its uses move",
      "#define F(a) a\n__COUNTER__ F(__COUNTER__)\n#ifdef __COUNTER__\n__COUNTER__\n#endif",
    ],
    [
      "commas in conditions",
      "#if (1,2)\nA\n#endif\n#if 1,0\nB\n#else\nC\n#endif\n#if (2,0)\nD\n#endif\n#if 0 ? 0 : 1,0 ? 1 : 3\nE\n#endif",
    ],
    ["empty macros", "#define E\n(E) ( E) a E; -E- E-E -"],
    ["what pastes to a token", "#define CAT(a,b) a##b\nCAT(x,y)CAT(1,e) CAT(,)x CAT(<,<) CAT(a,)CAT(,b)"],
    ["what nothing is pasted to", "#define L(x) x##1-\nL() L(2)\n#define R(x) 1##x-\nR() R(2)"],
    [
      "what pastes to none",
      "#define N(n) cpu@ ## n\nN(0) N( 0)\n#define P(a,b) a ## b\n#define Q(a,b) P(a, b)\nQ(a, Q(-, b-c)) Q(-,x) P(-, x)",
    ],
    [
      "strings of arguments",
      "#define S(x) #x\nS( a  \"b\\n\" 'c' /* */ d ) S() S(#a-cells)\n#define T(x) S(x)\n#define U 1 2\nT( U  U)",
    ],
    [
      "variable arguments",
      "#define G(a,...) f(a, ##__VA_ARGS__)\nG(1) G(1,2) G(1,) G(1,,)\n#define E(...) <__VA_ARGS__>\nE(1,2) E()",
    ],
    [
      "named variable arguments",
      "#define G(a,b...) f(a, ##b)\nG(1) G(1,) G() G(1,2,3)\n#define H(a...) g(0, ## a) {a}\nH() H(1) H(,)",
    ],
    [
      "macros that name themselves",
      "#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)\n#define x x y\n#define y x\nx y\n#define h(x) x h\nh(h)(1)(2)",
    ],
    ["a function's name by itself", "#define F(x) x\n#define G F\nG G(1) F F\n#define H F(\nH 2) G\n\n(3)"],
    ["a continued line", "#define A 1 \\\n  2\nA \\\nA\nA\\\nA #def\\\nine"],
    ["comments", 'a /* b\nc */ d // e\n"/* f */" \'//\' // "\n/**/ # define X 1\nX/**/X'],
    ["quotes that do not end", '#define X 1\n"X\nX\' X" X\n\'X "X\' X\n"\\"X'],
    ["lines that begin with # and are text", "#define address 1\n#address-cells = <1>;\n  #size-cells\n#\n# foo\n#!x"],
    [
      "dynamic macros",
      '__LINE__ __FILE__ __INCLUDE_LEVEL__ __COUNTER__ __COUNTER__\n#line 7 "x y"\n__LINE__ __FILE__\n#define L __LINE__\nL\nL',
    ],
    ["directives in arguments", "#define F(a) <a>\nF(1\n#ifdef F\n2\n#define X 3\n#else\n4\n#endif\nX) X"],
    [
      "operators side by side",
      "#define p +\n#define l <\n#define d /\n#define e =\n#define n 1\n+p p+ -p l< l<e ee le d/ d* pp ne -n- n-n n.n .n x@n n@n n,n 1n",
    ],
    ["a name that is painted in an argument", "#define F(a) a\n#define z z 1\nF(z) F(F)(2)"],
    ["conditionals in what is skipped", "#if 0\n#if 1\na\n#else\nb\n#endif\nc\n#else\nd\n#endif"],
    ["redefinition after #undef", "#define A 1\nA\n#undef A\nA\n#define A() 2\nA A()\n#undef B"],
    [
      "words that the language has",
      "#define defined_x 1\n#define constructor 2\n#define __proto__ 3\nconstructor __proto__ toString",
    ],
  ])("%s", (_, source) => {
    expect(lines(text(source))).toEqual(lines(cpp(source)));
  });

  it.each([
    "1",
    "0x10 == 16 && 010 == 8 && 0b11 == 3",
    "'a' == 97 && '\\n' == 10 && '\\x41' == 65 && '\\377' < 0",
    "-1 > 0u",
    "-1 >> 1 == -1 && -1u >> 63 == 1",
    "1 << 64",
    "(2 + 3) * 4 % 7 == 6 && 7 / -2 == -3 && -7 % 3 == -1",
    "1 || 1 / 0",
    "0 && 1 % 0",
    "1 ? 2 : 1 / 0",
    "(1 ? -1 : 0u) > 0",
    "~0 == -1 && !0 && !!5 == 1",
    "undefined_name",
    "defined X && defined(Y) && !defined Z",
    "HAS",
    "9223372036854775807 + 1 < 0",
    "18446744073709551615 == -1",
    "1 ? 0 : 1 ? 0 : 1",
    "3 & 5 ^ 2 | 8",
    "5 > 3 > 0 == 1 != 0",
    "X + Y(2) == 3",
  ])("the condition %s", (condition) => {
    const source = `#define X 1\n#define Y(a) a\n#define HAS defined(X) && defined Z\n#if ${condition}\nyes\n#else\nno\n#endif\n`;
    expect(lines(text(source))).toEqual(lines(cpp(source)));
  });
});

describe("generated macros", () => {
  const names = ["a", "b", "c", "d"] as const;
  const word = fc.constantFrom(...names, "x", "y", "1", "-", "@", ",", "#", "0x1e", "+", "<", "=", '"s"');
  const space = fc.constantFrom("", " ");
  const words = fc
    .array(fc.tuple(space, word), { maxLength: 6 })
    .map((all) => all.map((each) => each.join("")).join(""));
  const call = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom("", " "), words, words)
    .map(([name, gap, x, y]) => `${name}${gap}(${x.replaceAll(",", "")},${y.replaceAll(",", "")})`);
  const body = fc
    .array(
      fc.tuple(fc.oneof(words, call, fc.constantFrom("x", "#x", "y", "f(x)")), fc.constantFrom(" ", "##", " ## ", "")),
      { maxLength: 4 },
    )
    .map((parts) =>
      parts
        .map((part) => part.join(""))
        .join("")
        .replace(/^[ #]+(?=\w|$)|[ #]+$/g, ""),
    );
  const definition = fc.tuple(fc.constantFrom(...names), fc.boolean(), body).map(([name, takes, content]) => {
    // An operator that has no left side is an error, in both.
    const sound = content
      .replace(/^\s*##+/, "")
      .replace(/##\s*$/, "")
      .replace(/##(\s*##)+/g, "##");
    return `#undef ${name}\n#define ${name}${takes ? "(x,y)" : ""} ${sound}`;
  });
  const use = fc.array(fc.oneof(words, call), { minLength: 1, maxLength: 4 }).map((parts) => `; ${parts.join("")}`);
  const program = fc.tuple(
    fc.array(definition, { minLength: 1, maxLength: 4 }),
    fc.array(use, { minLength: 1, maxLength: 4 }),
  );

  it("expand as cpp expands them", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.array(program, { minLength: 20, maxLength: 20 }), (programs) => {
        // What has no arguments where it needs them is an error in both; the others are compared, all in one process.
        const sound = programs
          .map(([definitions, uses]) => [...definitions, ...uses, ...names.map((name) => `#undef ${name}`)].join("\n"))
          .filter((source) => preprocess(source).value !== undefined);
        const source = sound.join("\n");
        expect(lines(text(source))).toEqual(lines(cpp(source)));
      }),
      { numRuns: 40 },
    );
  });
});
