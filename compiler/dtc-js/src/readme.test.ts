import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import ts from "typescript";
import { expect, it } from "vitest";
import * as api from "./index.ts";

const pages = ["README.md", "docs/api.md"];
const text = pages.map((page) => readFileSync(new URL(`../${page}`, import.meta.url), "utf8")).join("\n");
const fenced = (language: RegExp): readonly string[] =>
  Array.from(text.matchAll(/```(\w+)\n([^]*?)```/g), ([, name = "", code = ""]) =>
    language.test(name) ? [code] : [],
  ).flat();
const snippets = fenced(/^[jt]s$/);

const show = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const unescape = (text: string): string => text.replaceAll("\\n", "\n").replaceAll("\\t", "\t");

it.each(snippets.map((code) => [code.split("\n").find((line) => line.startsWith("const ")) ?? code, code]))(
  "a snippet of the documentation prints what it says: %s",
  (_, code) => {
    const printed: string[] = [];
    const expected = Array.from(code.matchAll(/\/\/ => (.*)/g), ([, text]) => unescape(text ?? ""));
    const body = code.replace(/import \{([^}]*)\} from "dtc-js";/, "const {$1} = api;");
    const run = runInThisContext(`(api, console) => {${body}}`) as (used: typeof api, to: object) => void;
    run(api, { log: (...values: unknown[]) => printed.push(values.map(show).join(" ")) });
    expect(printed).toEqual(expected);
    expect(printed.length).toBeGreaterThan(0);
  },
);

it("finds the snippets", () => {
  expect(snippets.length).toBe(17);
});

it("the documentation names everything that is exported", () => {
  const missing = Object.keys(api).filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  expect(missing).toEqual([]);
});

it("strict TypeScript has nothing to say of the snippets in TypeScript", () => {
  const codes = fenced(/^ts$/);
  expect(codes.length).toBe(1);
  const index = fileURLToPath(new URL("./index.ts", import.meta.url));
  const texts = new Map(
    codes.map((code, at) => [
      fileURLToPath(new URL(`./snippet-${at}.ts`, import.meta.url)),
      `${code}\ndeclare const console: { log(...values: unknown[]): void };\n`,
    ]),
  );
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts"],
    types: [],
    paths: { "dtc-js": [index] },
  };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...texts.keys()], options, {
    ...host,
    getSourceFile: (path, version, ...rest) => {
      const text = texts.get(path);
      return text === undefined ? host.getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
    },
  });
  const said = [...texts.keys()].flatMap((path) => program.getSemanticDiagnostics(program.getSourceFile(path)));
  expect(said.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
}, 60_000);
