import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { expect, it } from "vitest";
import * as api from "./index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const snippets = Array.from(readme.matchAll(/```ts\n([^]*?)```/g), (match) => match[1] ?? "");

const show = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const unescape = (text: string): string => text.replaceAll("\\n", "\n").replaceAll("\\t", "\t");

it.each(snippets.map((code) => [code.split("\n").find((line) => line.startsWith("const ")) ?? code, code]))(
  "the README's snippet prints what it says: %s",
  (_, code) => {
    const printed: string[] = [];
    const expected = Array.from(code.matchAll(/\/\/ => (.*)/g), ([, text]) => unescape(text ?? ""));
    const body = code.replace(/import \{([^}]*)\} from "dtc-js";/, "const {$1} = api;");
    const run = runInThisContext(`(api, console) => {${body}}`) as (used: typeof api, to: object) => void;
    run(api, { log: (value: unknown) => printed.push(show(value)) });
    expect(printed).toEqual(expected);
    expect(printed.length).toBeGreaterThan(0);
  },
);

it("finds the README's snippets", () => {
  expect(snippets.length).toBe(6);
});
