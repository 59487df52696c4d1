import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { expect, it } from "vitest";
import * as api from "./index.ts";

const pages = ["README.md", "docs/api.md"];
const text = pages.map((page) => readFileSync(new URL(`../${page}`, import.meta.url), "utf8")).join("\n");
const snippets = Array.from(text.matchAll(/```ts\n([^]*?)```/g), (match) => match[1] ?? "");

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
  expect(snippets.length).toBe(16);
});

it("the documentation names everything that is exported", () => {
  const missing = Object.keys(api).filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  expect(missing).toEqual([]);
});
