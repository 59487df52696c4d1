import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Diagnostic, Outcome } from "../../compiler/index.ts";
import { evaluate } from "./evaluate.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-evaluate-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let printed = "";
async function run(source: string, parameters: Record<string, string> = {}, seconds = 10): Promise<Outcome<unknown>> {
  const file = join(folder, "board.ts");
  writeFileSync(file, source);
  printed = "";
  return evaluate({ file, parameters }, (text) => (printed += text), seconds);
}

/** "XI7002 board.ts:3:4 …": code and place of the one diagnostic. */
async function failure(source: string, parameters: Record<string, string> = {}, seconds?: number): Promise<string> {
  const outcome = await run(source, parameters, seconds);
  expect(outcome.value).toBeUndefined();
  expect(outcome.diagnostics).toHaveLength(1);
  return describePlace(outcome.diagnostics[0] as Diagnostic);
}

function describePlace({ code, primary }: Diagnostic): string {
  const span = primary?.span;
  if (span === undefined) return `${code} ${(primary?.path ?? []).join(".")}`;
  return `${code} ${basename(span.file)}:${span.start.line}:${span.start.column}-${span.end.column}`;
}

describe("a configuration", () => {
  it("becomes plain data, types and imports and all", async () => {
    writeFileSync(join(folder, "kernels.ts"), `export const kernel: string = "Image";`);
    const outcome = await run(`import { MiB } from "xenimg";
import type { Board } from "xenimg";
import { kernel } from "./kernels.ts";
const cpus: number = await Promise.resolve(2);
export default { kernel, cpus, size: MiB(2), big: 5n, from: import.meta.dirname as string };`);
    expect(outcome).toEqual({
      value: { kernel: "Image", cpus: 2, size: 2 ** 21, big: 5n, from: folder },
      diagnostics: [],
    });
  });

  it("may be a function of parameters", async () => {
    const source = `export default (params: { kernel?: string }) => ({ kernel: params.kernel ?? "none" });`;
    expect((await run(source, { kernel: "Image" })).value).toEqual({ kernel: "Image" });
    expect((await run(source)).value).toEqual({ kernel: "none" });
  });

  it("may print, which does not get lost", async () => {
    await run(`console.log("hello"); export default {};`);
    expect(printed).toBe("hello\n");
  });

  it("may leave work behind: its value is all that counts", async () => {
    const outcome = await run(`setInterval(() => undefined, 1000); export default { done: true };`);
    expect(outcome.value).toEqual({ done: true });
  });
});

describe("what goes wrong in a configuration", () => {
  it("XI7001: it does not exist", async () => {
    const outcome = await evaluate({ file: join(folder, "nowhere.ts"), parameters: {} }, () => undefined);
    expect(outcome.diagnostics[0]?.code).toBe("XI7001");
    const itself = await evaluate({ file: folder, parameters: {} }, () => undefined);
    expect(itself.diagnostics[0]?.message).toContain("it is a folder");
    const endless = await evaluate({ file: "/dev/zero", parameters: {} }, () => undefined);
    expect(endless.diagnostics[0]?.message).toContain("it is no regular file");
  });

  it("XI7002: its syntax is wrong, here", async () => {
    expect(await failure("export default {\n  a: 1,,\n};\n")).toBe("XI7002 board.ts:2:8-9");
  });

  it("XI7002: the syntax of a file that it imports is wrong, there", async () => {
    writeFileSync(join(folder, "broken.ts"), "export const a = ;\n");
    expect(await failure(`import { a } from "./broken.ts";\nexport default a;\n`)).toBe("XI7002 broken.ts:1:18-19");
  });

  it("XI7003: it throws, here, called from there", async () => {
    const outcome = await run(
      `function fail(): never {\n  throw new RangeError("too big");\n}\nexport default fail();\n`,
    );
    const [diagnostic] = outcome.diagnostics;
    expect(diagnostic?.message).toContain("RangeError: too big");
    expect(describePlace(diagnostic as Diagnostic)).toBe("XI7003 board.ts:2:9-23");
    expect(diagnostic?.labels.map(({ span }) => span?.start.line)).toEqual([4]);
  });

  it("XI7003: it throws what is no error", async () => {
    const outcome = await run(`throw "a string";`);
    expect(outcome.diagnostics[0]?.message).toContain("a string");
  });

  it("XI7003: it throws later, while it waits", async () => {
    const source = `setTimeout(() => { throw new Error("late"); }, 1); await new Promise(() => undefined); export default {};`;
    expect(await failure(source)).toMatch(/^XI7003/);
  });

  it("XI7004: it loops for ever", async () => {
    expect(await failure("for (;;);\n", {}, 1)).toBe("XI7004 board.ts:1:1-10");
  });

  it("XI7004: it waits for a timer for ever", async () => {
    expect(
      await failure("await new Promise(() => setInterval(() => undefined, 100)); export default {};", {}, 1),
    ).toMatch(/^XI7004/);
  });

  it("XI7005: it waits for what never comes", async () => {
    expect(await failure("export default await new Promise(() => undefined);\n")).toMatch(/^XI7005 board.ts:1:16-/);
  });

  it("XI7006: it exits", async () => {
    expect(await failure("const a = 1;\nprocess.exit(a);\n")).toBe("XI7006 board.ts:2:1-13");
  });

  it.each([
    ["a function", "{ domains: { ui: { memory: [() => 1] } } }", "domains.ui.memory.0"],
    ["a symbol", "{ a: Symbol.iterator }", "a"],
    ["a promise (await it)", "{ a: [1, Promise.resolve(1)] }", "a.1"],
    ["an object of class Map", "{ a: new Map() }", "a"],
    [
      "a reference to what contains it",
      "(() => { const a: Record<string, unknown> = {}; a.b = { a }; return a; })()",
      "b.a",
    ],
  ])("XI7007: it holds %s", async (what, source, path) => {
    const outcome = await run(`export default ${source};`);
    expect(outcome.diagnostics[0]?.message).toContain(what);
    expect(describePlace(outcome.diagnostics[0] as Diagnostic)).toBe(`XI7007 ${path}`);
  });

  it("XI7008: it exports nothing by default", async () => {
    expect(await failure("export const a = 1;\n")).toBe("XI7008 board.ts:1:1-20");
  });

  it("XI7009: it takes no parameters but gets one", async () => {
    expect(await failure("\nexport default {};\n", { kernel: "x" })).toBe("XI7009 board.ts:2:1-15");
  });

  it("XI7010: it imports what does not exist", async () => {
    expect(await failure(`const a = 1;\nimport b from "./nope.ts";\nexport default b;\n`)).toBe(
      "XI7010 board.ts:2:16-25",
    );
    expect(await failure(`import b from "no-such-package";\nexport default b;\n`)).toBe("XI7010 board.ts:1:16-31");
  });
});
