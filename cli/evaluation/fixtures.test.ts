import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import { main } from "../program.ts";

const folder = join(packageRoot, "fixtures", "invalid");
/** Where `xenimg check` has to point: line and column, or the end of a path. */
const places: Record<string, string> = {
  XI7002: "board.ts:5:56",
  XI7003: "board.ts:5:9",
  XI7005: "board.ts:4:1",
  XI7006: "board.ts:4:42",
  XI7007: "board.ts:9:48",
  XI7008: "board.ts:1:1",
  XI7009: "board.ts:4:1",
  XI7010: "board.ts:3:25",
};
/** Takes the whole time limit; evaluate.test.ts has a shorter one. */
const slow = "XI7004";
const fixtures = readdirSync(folder).filter((name) => name.startsWith("XI70") && !name.startsWith(slow));

it("each way to fail has a fixture", () => {
  expect(fixtures.map((name) => name.slice(0, 6)).sort()).toEqual(Object.keys(places).sort());
});

it.each(fixtures)("%s is found at its place", async (name) => {
  let stderr = "";
  const code = name.slice(0, 6);
  const parameters = code === "XI7009" ? ["--set", "kernel=Image"] : [];
  const exitCode = await main(["check", "board.ts", ...parameters], {
    stdout: () => undefined,
    stderr: (text) => (stderr += text),
    stdin: Readable.from([]),
    env: {},
    cwd: join(folder, name),
    interactive: false,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(new RegExp(`^error ${code}: .*\n {2}--> ${places[code] ?? ""}\n`));
});
