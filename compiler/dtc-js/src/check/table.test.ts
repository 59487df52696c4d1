import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { checks } from "./table.ts";

const folder = fileURLToPath(new URL("rules/", import.meta.url));

it("has each check in a file of its own, which bears its name", () => {
  expect(readdirSync(folder).sort()).toEqual(checks.map(({ name }) => `${name.replaceAll("_", "-")}.ts`).sort());
  for (const { name } of checks) {
    const text = readFileSync(`${folder}${name.replaceAll("_", "-")}.ts`, "utf8");
    const inCode = name.replaceAll(/_([a-z0-9])/g, (_, next: string) => next.toUpperCase());
    expect(Array.from(text.matchAll(/^export (?:const|function) (\w+)/gm), ([, exported]) => exported)).toEqual([
      inCode,
    ]);
  }
});
