import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "decisions");

it("gives each decision a number of its own, the one that its heading has", () => {
  const files = readdirSync(folder).sort();
  const numbers = files.map((file) => file.slice(0, 4));
  expect(numbers).toEqual(files.map((_, index) => String(index + 1).padStart(4, "0")));
  for (const file of files)
    expect(readFileSync(join(folder, file), "utf8").slice(0, 8)).toBe(`# ${file.slice(0, 4)}: `);
});
