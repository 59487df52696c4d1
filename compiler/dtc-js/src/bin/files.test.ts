import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { guardCommand, runCommand, type CommandSpec } from "./command.ts";
import { dtc } from "./dtc/dtc.ts";
import { fdtget } from "./fdt/fdtget.ts";
import { fdtput } from "./fdt/fdtput.ts";
import { MAX_FILE, readWhole, writeDescriptor, writeWhole } from "./files.ts";
import { machine } from "./host.ts";
import { BrokenPipe } from "./reasons.ts";

const folder = mkdtempSync(join(tmpdir(), "dtc-files-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let count = 0;
/** A new folder with a source and a blob. */
function place(): (name: string) => string {
  const made = join(folder, `${count++}`);
  mkdirSync(made);
  const at = (name: string): string => join(made, name);
  writeFileSync(at("a.dts"), '/dts-v1/; / { a = "x"; };');
  run(dtc, "-o", at("f"), at("a.dts"));
  return at;
}

/** Runs a command on the machine's files; what it says is kept. */
function run(spec: CommandSpec, ...args: readonly string[]): { code: number; said: string } {
  let said = "";
  const keep = (text: string | Uint8Array): void => {
    said += String(text);
  };
  const bytes = args.map((each) => Buffer.from(each).toString("latin1"));
  return { code: runCommand(spec, { ...machine, print: keep, complain: keep }, bytes), said };
}

describe("what is read", () => {
  it.each([
    ["nothing", "No such file or directory"],
    ["loop", "Too many levels of symbolic links"],
    ["a.dts/x", "Not a directory"],
    ["n".repeat(300), "File name too long"],
  ])("%.10s: %s", (name, reason) => {
    const at = place();
    symlinkSync("loop", at("loop"));
    expect(run(dtc, at(name))).toEqual({ code: 1, said: `FATAL ERROR: Couldn't open "${at(name)}": ${reason}\n` });
    expect(run(fdtget, at(name), "/", "a")).toEqual({
      code: 1,
      said: `Couldn't open blob from '${at(name)}': ${reason}\n`,
    });
  });

  it("says of a folder that it is one", () => {
    const at = place();
    expect(run(dtc, "-I", "dts", at(""))).toEqual({
      code: 1,
      said: `FATAL ERROR: Couldn't read "${at("")}": Is a directory\n`,
    });
    expect(run(fdtput, at(""), "/", "a", "1").said).toBe(`Couldn't open blob from '${at("")}': Is a directory\n`);
  });

  it("gives up what has no end", () => {
    expect(() => readWhole("/dev/zero", 2 ** 20)).toThrow("File too large (more than 1048576 bytes)");
    expect(MAX_FILE).toBeLessThan(2 ** 29);
    const at = place();
    writeFileSync(at("i.dts"), '/dts-v1/; / { a = /incbin/("huge"); };');
    writeFileSync(at("huge"), "");
    truncateSync(at("huge"), 2 ** 40);
    expect(run(dtc, at("i.dts"))).toEqual({
      code: 1,
      said: `FATAL ERROR: Couldn't read "${at("huge")}" for "${at("i.dts")}": File too large (more than 268435456 bytes)\n`,
    });
    expect(run(dtc, at("huge")).said).toContain(`File too large (more than ${MAX_FILE} bytes)`);
    writeFileSync(at("i.dts"), `/dts-v1/;\n/include/ "${at("huge")}"\n`);
    expect(run(dtc, at("i.dts")).said).toContain("File too large");
  });

  it("reads a pipe", async () => {
    const at = place();
    spawnSync("mkfifo", [at("pipe")]);
    const writer = spawn("cp", [at("a.dts"), at("pipe")]);
    expect(run(dtc, "-o", at("o"), at("pipe")).code).toBe(0);
    expect(readFileSync(at("o"))).toEqual(readFileSync(at("f")));
    await once(writer, "exit");
  });

  it("takes names that are not ASCII, of files and in sources, and writes them as they are", () => {
    const at = place();
    writeFileSync(at("日é.dtsi"), "/ { };");
    writeFileSync(at("é.dts"), '/dts-v1/; /include/ "日é.dtsi"\n');
    expect(run(dtc, "-d", at("dép"), "-o", at("ö"), at("é.dts"))).toEqual({ code: 0, said: "" });
    expect(readFileSync(at("dép"), "utf8")).toBe(`${at("ö")}: ${at("é.dts")} ${at("日é.dtsi")}\n`);
    expect(Buffer.from(run(dtc, at("日")).said, "latin1").toString()).toContain(`"${at("日")}": No such file`);
    expect(run(fdtput, "-c", at("f"), "/日").code).toBe(0);
    expect(Buffer.from(run(fdtget, "-l", at("f"), "/").said, "latin1").toString()).toBe("日\n");
  });
});

describe("a folder as a tree", () => {
  it("follows links, passes over pipes, and bounds what links make of it", () => {
    const at = place();
    mkdirSync(at("t/n"), { recursive: true });
    writeFileSync(at("t/p"), "v\0");
    symlinkSync("../p", at("t/n/q"));
    spawnSync("mkfifo", [at("t/pipe")]);
    expect(run(dtc, "-I", "fs", "-O", "dts", "-o", at("o"), at("t"))).toEqual({ code: 0, said: "" });
    expect(readFileSync(at("o"), "utf8")).toBe('/dts-v1/;\n\n/ {\n\tp = "v";\n\n\tn {\n\t\tq = "v";\n\t};\n};\n');
    symlinkSync("..", at("t/n/up"));
    expect(run(dtc, "-I", "fs", at("t")).said).toMatch(/^FATAL ERROR: .*: folders nest too deep\n$/);
    symlinkSync("..", at("t/n/again"));
    expect(run(dtc, "-I", "fs", at("t")).said).toMatch(/^FATAL ERROR: .*: (?:folders nest too deep|more than)/);
    symlinkSync("nowhere", at("t/lost"));
    expect(run(dtc, "-I", "fs", at("t")).said).toBe(`FATAL ERROR: stat(${at("t/lost")}): No such file or directory\n`);
  });
});

describe("what is written", () => {
  it("leaves a file as it was where its bytes cannot all be written, and no other file behind", () => {
    const at = place();
    const before = readFileSync(at("f"));
    const names = readdirSync(at(""));
    const failing = new Proxy(new Uint8Array(9), {
      get: (target, key) => {
        if (key === "length") return target.length;
        throw new RangeError("no more");
      },
    });
    expect(() => {
      writeWhole(at("f"), failing);
    }).toThrow();
    expect(readFileSync(at("f"))).toEqual(before);
    expect(() => {
      writeWhole(at("new"), failing);
    }).toThrow();
    expect(readdirSync(at(""))).toEqual(names);
  });

  it("is another file in the place of the old one, with its mode", () => {
    const at = place();
    chmodSync(at("f"), 0o640);
    const open = openSync(at("f"), "r");
    const before = readFileSync(at("f"));
    expect(run(fdtput, at("f"), "/", "b", "1").code).toBe(0);
    expect(statSync(at("f")).mode & 0o777).toBe(0o640);
    // Whoever has it open reads what was there.
    expect(readFileSync(open)).toEqual(before);
    closeSync(open);
  });

  it("goes through links of both kinds, and into pipes and devices", async () => {
    const at = place();
    const blob = readFileSync(at("f"));
    writeFileSync(at("one"), "");
    linkSync(at("one"), at("two"));
    symlinkSync("three", at("link"));
    spawnSync("mkfifo", [at("pipe")]);
    for (const name of ["one", "link"]) expect(run(dtc, "-o", at(name), at("a.dts")).code).toBe(0);
    for (const name of ["two", "three"]) expect(readFileSync(at(name))).toEqual(blob);
    expect(lstatSync(at("link")).isSymbolicLink()).toBe(true);
    const reader = spawn("cp", [at("pipe"), at("got")]);
    expect(run(dtc, "-o", at("pipe"), at("a.dts")).code).toBe(0);
    await once(reader, "exit");
    expect(readFileSync(at("got"))).toEqual(blob);
    expect(run(dtc, "-o", "/dev/null", at("a.dts"))).toEqual({ code: 0, said: "" });
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("may be the input", () => {
    const at = place();
    const blob = readFileSync(at("f"));
    expect(run(dtc, "-O", "dtb", "-o", at("a.dts"), at("a.dts")).code).toBe(0);
    expect(readFileSync(at("a.dts"))).toEqual(blob);
  });

  it.each([
    ["/dev/full", "write", "No space left on device"],
    ["no/folder", "open", "No such file or directory"],
    ["", "open", "Is a directory"],
    ["loop", "open", "Too many levels of symbolic links"],
  ])("says why it cannot be: %s", (name, what, reason) => {
    const at = place();
    symlinkSync("loop", at("loop"));
    const path = name.startsWith("/") ? name : at(name);
    expect(run(dtc, "-o", path, at("a.dts"))).toEqual({
      code: 1,
      said: `FATAL ERROR: Couldn't ${what} output file ${path}: ${reason}\n`,
    });
  });

  it("ends quietly with a shell's exit code where nobody reads it, and with a word where the disk is full", () => {
    const at = place();
    spawnSync("mkfifo", [at("pipe")]);
    const reader = openSync(at("pipe"), constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(at("pipe"), "w");
    closeSync(reader);
    expect(() => {
      writeDescriptor(writer, "x");
    }).toThrow(BrokenPipe);
    closeSync(writer);
    let said = "";
    const broken = { ...machine, complain: (text: string) => void (said += text) };
    const into = (descriptor: number): number =>
      runCommand(
        fdtget,
        {
          ...broken,
          print: (text) => {
            writeDescriptor(descriptor, text);
          },
        },
        [at("f"), "/", "a"],
      );
    const full = openSync("/dev/full", "w");
    expect([into(full), said]).toEqual([1, "FATAL ERROR: No space left on device\n"]);
    closeSync(full);
    said = "";
    const nobody = {
      ...broken,
      print: () => {
        throw new BrokenPipe();
      },
    };
    expect([runCommand(fdtget, nobody, [at("f"), "/", "a"]), said]).toEqual([141, ""]);
  });
});

describe("a mistake of ours", () => {
  it("has no stack trace", () => {
    let said = "";
    const code = guardCommand("dtc", { ...machine, complain: (text) => void (said += text) }, () => {
      throw new TypeError("x is undefined");
    });
    expect([code, said]).toEqual([70, "dtc bug: x is undefined\n"]);
  });
});
