import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import type { Diagnostic, Outcome } from "../../compiler/index.ts";
import { packageRoot } from "../adapters/package.ts";
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
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

  it("may import what it computes", async () => {
    writeFileSync(join(folder, "late.ts"), `const size: number = await Promise.resolve(7);\nexport { size };`);
    const outcome = await run(`const name: string = "late";
const { size } = await import("./" + name + ".ts");
const { MiB } = await import("xenimg");
export default { size, memory: MiB(1) };`);
    expect(outcome).toEqual({ value: { size: 7, memory: 2 ** 20 }, diagnostics: [] });
  });

  it("ends with a command line that is gone at once", async () => {
    const code = `const child = require("node:child_process").fork(process.argv[1], [], { detached: true });
process.stdout.write(String(child.pid), () => process.exit());`;
    const processCode = join(packageRoot, "dist", "cli", "evaluation", "process.js");
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", code, processCode]);
    await expect.poll(() => isAlive(Number(stdout)), { timeout: 20_000 }).toBe(false);
  });

  it("may print, which does not get lost", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join("");
    const loop = 'for (let i = 0; i < 20_000; i += 1) console.log("line " + i);';
    await run(`${loop} export default {};`);
    expect(printed).toBe(lines);
    printed = "";
    await run(`${loop} throw new Error("at the end");`);
    expect(printed).toBe(lines);
  });

  it("may leave work behind: its value is all that counts", async () => {
    const outcome = await run(`setInterval(() => undefined, 1000); export default { done: true };`);
    expect(outcome.value).toEqual({ done: true });
  });

  it("may mention one object often, without being read again for each", async () => {
    const outcome = await run(`let a: object = {};
for (let depth = 0; depth < 50; depth += 1) a = { left: a, right: a };
export default a;`);
    expect(outcome.diagnostics).toEqual([]);
  });

  it("may have getters, which are read once", async () => {
    const outcome = await run(`let reads = 0; export default { get board() { return reads++ ? () => 1 : {}; } };`);
    expect(outcome).toEqual({ value: { board: {} }, diagnostics: [] });
  });

  it("answers in one way only", async () => {
    const outcome = await run(`import { parentPort, workerData } from "node:worker_threads";
for (const kind of ["syntax", "value", "nonsense"]) parentPort?.postMessage({ kind });
workerData.port?.postMessage({ kind: "syntax" });
process.send?.({ kind: "syntax" });
await new Promise((resolve) => setTimeout(resolve, 100));
export default { honest: true };`);
    expect(outcome).toEqual({ value: { honest: true }, diagnostics: [] });
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

  it("XI1041: it imports a board that there is not", async () => {
    const source = (names: string, use: string) =>
      `import { ${names} } from "xenimg/boards";\nexport default ${use};\n`;
    expect(await failure(source("qemuVrt", "qemuVrt({})"))).toBe("XI1041 board.ts:2:16-23");
    const { diagnostics } = await run(source("qemuVrt", "qemuVrt({})"));
    expect(diagnostics.map(({ message, help }) => [message, help])).toEqual([
      ['"xenimg/boards" has no board "qemuVrt"', 'did you mean "qemuVirt"?'],
    ]);
    expect(await failure(`const qemuVrt = 1 as never;\nexport default (qemuVrt as () => 1)();\n`)).toContain("XI7003");
  });

  it("XI7003: it throws on its first line", async () => {
    expect(await failure(`throw new Error("x");\nexport {};\n`)).toBe("XI7003 board.ts:1:7-16");
    expect(await failure(`const a: string = "x"; throw new Error(a);\n`)).toBe("XI7003 board.ts:1:30-39");
  });

  it("XI7003: it calls what throws", async () => {
    writeFileSync(join(folder, "fail.ts"), `export function fail(): never {\n  throw new Error("x");\n}\n`);
    const outcome = await run(`import { fail } from "./fail.ts";\nconst a: number[] = [1, 2]; fail();\n`);
    expect(outcome.diagnostics[0]?.labels.map(({ span }) => span?.start.column)).toEqual([29]);
  });

  it("XI7003: it throws where only the other transformer knows the place", async () => {
    expect(await failure(`const a: string = import.meta.url; throw new Error(a);\n`)).toBe("XI7003 board.ts:1:42-51");
  });

  it.each([
    ["a text", `throw "a string";`, "a string"],
    ["a number", `throw 1;`, "evaluated: 1"],
    ["null", `throw null;`, "evaluated: null"],
    ["a proxy", `throw new Proxy({}, { get() { throw 1; } });`, "a value without a text"],
    ["an error without a message", `throw Object.defineProperty(new Error(), "message", { get() { throw 1; } });`, ""],
    ["an error whose name is a symbol", `throw Object.assign(new Error("x"), { name: Symbol("n") });`, "Symbol(n): x"],
    ["an error whose stack is an object", `throw Object.assign(new Error("x"), { stack: {} });`, "Error: x"],
  ])("XI7003: it throws %s", async (_what, source, words) => {
    const outcome = await run(`const a = 1;\n${source}\n`);
    expect(outcome.diagnostics[0]?.message).toContain(words);
    expect(describePlace(outcome.diagnostics[0] as Diagnostic)).toMatch(/^XI7003 board.ts:2:/);
  });

  it("XI7003: its stack is forged", async () => {
    for (const place of ["/dev/zero:1:1", `${join(folder, "board.ts")}:999999999:999999999`])
      expect(
        await failure(
          `throw Object.assign(new Error("q"), { stack: ${JSON.stringify(`Error: q\n    at f (${place})`)} });`,
        ),
      ).toMatch(/^XI7003 /);
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

  it("XI7004: it waits for another program, which ends with it", async () => {
    const begin = Date.now();
    const mark = join(folder, "mark");
    const source = `import { execSync } from "node:child_process";
execSync("sleep 4; touch '${mark}'");
export default {};`;
    expect(await failure(source, {}, 1)).toMatch(/^XI7004/);
    expect(Date.now() - begin).toBeLessThan(3500);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(existsSync(mark)).toBe(false);
  }, 15_000);

  it("XI7004: it reads a pipe that nobody writes to", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const source = `import { readFileSync } from "node:fs";
export default { text: readFileSync(${JSON.stringify(join(folder, "pipe"))}, "utf8") };`;
    expect(await failure(source, {}, 1)).toMatch(/^XI7004/);
  });

  it("XI7005: it waits for what never comes", async () => {
    expect(await failure("export default await new Promise(() => undefined);\n")).toMatch(/^XI7005 board.ts:1:16-/);
  });

  it("XI7006: it exits", async () => {
    expect(await failure("const a = 1;\nprocess.exit(a);\n")).toBe("XI7006 board.ts:2:1-13");
  });

  it.each([
    ["process.exit(0)", "exit code 0"],
    ["process.exit(13)", "exit code 13"],
    [`process.kill(process.pid, "SIGKILL"); await new Promise((done) => setTimeout(done, 5000))`, "SIGKILL"],
  ])("XI7006: it ends with %s", async (source, words) => {
    const outcome = await run(`${source};\n`);
    expect(outcome.diagnostics[0]?.code).toBe("XI7006");
    expect(outcome.diagnostics[0]?.message).toContain(words);
  });

  it.each([
    ["a function", "{ domains: { ui: { memory: [() => 1] } } }", "domains.ui.memory.0"],
    ["a symbol", "{ a: Symbol.iterator }", "a"],
    ["a promise (await it)", "{ a: [1, Promise.resolve(1)] }", "a.1"],
    ["an object of class Map", "{ a: new Map() }", "a"],
    ["an object of class without a name", "{ a: Object.create(Object.create({ constructor: null })) }", "a"],
    ["an array of bytes", "{ board: new Uint8Array(5e8) }", "board"],
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

  it("XI7007: it is nested without an end", async () => {
    const outcome = await run(`let a: object = {};\nfor (let i = 0; i < 1e5; i++) a = { a };\nexport default a;`);
    expect(outcome.diagnostics[0]?.message).toContain("values nested more than 64 deep");
  });

  it("XI7002: its text is nested without an end", async () => {
    const outcome = await run(`export default ${"[".repeat(20_000)}${"]".repeat(20_000)};\n`);
    expect(outcome.diagnostics[0]?.message).toContain("it is nested too deeply");
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

  it("XI7001: it imports what has no end", async () => {
    symlinkSync("/dev/zero", join(folder, "zero.ts"));
    execFileSync("mkfifo", [join(folder, "fifo.ts")]);
    expect(await failure(`const a = 1;\nimport b from "./zero.ts";\nexport default b;\n`)).toBe(
      "XI7001 board.ts:2:16-25",
    );
    expect(await failure(`const { b } = await import("./fifo");\nexport default b;\n`)).toBe("XI7001 board.ts:1:29-35");
  });
});

describe("parameters with defaults", () => {
  const source = `import { defineSystem } from "xenimg";
export default defineSystem({ cpus: 2, kernel: "Image", debug: false }, (params) => params);`;

  it("are what they are by default, or what is set, of their types", async () => {
    expect((await run(source)).value).toEqual({ cpus: 2, kernel: "Image", debug: false });
    const set = { cpus: "0x1_0", kernel: "7", debug: "true" };
    expect((await run(source, set)).value).toEqual({ cpus: 16, kernel: "7", debug: true });
  });

  it.each([
    [{ kernle: "x" }, 'XI1024 the configuration has no parameter "kernle"', 'did you mean "kernel"?'],
    [{ x: "x" }, 'XI1024 the configuration has no parameter "x"', "it has cpus, kernel, debug"],
    [{ constructor: "x" }, 'XI1024 the configuration has no parameter "constructor"', "it has cpus, kernel, debug"],
    [{ cpus: "two" }, 'XI1025 the parameter cpus is "two", not a number', "give a number: its default has that type"],
    [{ cpus: "" }, 'XI1025 the parameter cpus is "", not a number', "give a number: its default has that type"],
    [
      { debug: "yes" },
      'XI1025 the parameter debug is "yes", not true or false',
      "give true or false: its default has that type",
    ],
  ])("are told where %j cannot be", async (set, message, help) => {
    const { diagnostics } = await run(source, set);
    expect(diagnostics.map((each) => [`${each.code} ${each.message}`, each.help])).toEqual([[message, help]]);
    expect(diagnostics[0]?.primary?.span?.start.line).toBe(2);
  });

  it.each(["[]", "null", "undefined", "{}", "1n", "() => 1"])(
    "are never of another type, such as %s",
    async (value) => {
      const other = `import { defineSystem } from "xenimg";
export default defineSystem({ c: 1, a: ${value} } as never, (params) => params);`;
      const { diagnostics } = await run(other);
      expect(diagnostics.map((each) => `${each.code} ${each.message}`)).toEqual([
        "XI1040 the default of the parameter a is no text, number, true or false",
      ]);
      expect(diagnostics[0]?.primary?.span?.start.line).toBe(2);
    },
  );
});

describe("the exports of a configuration", () => {
  const source = `export const debug = { a: 1 };
export const release = (params: { a?: string }) => ({ a: params.a });
export default { a: 0 };`;
  const variant = (name: string, parameters = {}): Promise<Outcome<unknown>> => {
    const file = join(folder, "board.ts");
    writeFileSync(file, source);
    return evaluate({ file, parameters, variant: name }, () => undefined);
  };

  it("are systems, of which one is meant", async () => {
    expect((await run(source)).value).toEqual({ a: 0 });
    expect((await variant("debug")).value).toEqual({ a: 1 });
    expect((await variant("release", { a: "2" })).value).toEqual({ a: "2" });
  });

  it.each([
    ["debgu", 'did you mean "debug"?'],
    ["toString", "choose one of debug, release"],
    ["__proto__", "choose one of debug, release"],
  ])("do not hold %s", async (name, help) => {
    const { diagnostics } = await variant(name);
    expect(diagnostics.map((each) => [each.code, each.help])).toEqual([["XI1023", help]]);
  });

  it("are named where none is the default", async () => {
    const { diagnostics } = await run("export const debug = {};");
    expect(diagnostics.map(({ code }) => code)).toEqual(["XI7008"]);
    expect(diagnostics[0]?.help).toContain("board.ts#debug");
  });
});
