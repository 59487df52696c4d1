import { describe, expect, it } from "vitest";
import { runInMemory, type CommandRun } from "../../testing/commands.ts";
import { dtc } from "./dtc.ts";

const files = {
  "board.dts": '/dts-v1/;\n#include <lines.h>\n#include "soc.dtsi"\n/ { a = <LINE(2)>; };\n',
  "inc/lines.h": "#define LINE(n) ((n) << SHIFT)\n#ifndef SHIFT\n#define SHIFT 4\n#endif\n",
  "soc.dtsi": "/ { #address-cells = <1>; };\n",
  // Names in <> are not looked for beside the file.
  "lines.h": '#error "the wrong file"\n',
};
const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}): CommandRun =>
  runInMemory(dtc, args, { ...files, ...more });

describe("dtc --cpp", () => {
  it("compiles sources that need the C preprocessor", () => {
    const { code, stdout, stderr } = run(["--cpp", "-q", "-i", "inc", "-O", "dts", "board.dts"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("\ta = <0x20>;\n");
  });

  it("defines macros with -D and --define", () => {
    const shifted = (...args: readonly string[]): string =>
      / a = <(.*)>;/.exec(
        run(["--cpp", "-q", "-i", "inc", "-O", "dts", ...args, "board.dts"]).stdout.replaceAll("\t", " "),
      )?.[1] ?? "";
    expect([shifted("-DSHIFT=2"), shifted("-D", "SHIFT"), shifted("--define", "SHIFT=(1 + 2)")]).toEqual([
      "0x08",
      "0x04",
      "0x10",
    ]);
    expect(run(["-DSHIFT=2", "soc.dtsi"])).toMatchObject({
      code: 1,
      stderr: "FATAL ERROR: -D is for sources that are read with --cpp\n",
    });
  });

  it("says where a mistake was written, and how the text came there", () => {
    const { code, stderr } = run(["--cpp", "-i", "inc", "board.dts"], {
      "soc.dtsi": "/ {\n  b = <LINE(x)>; };\n#warning w",
    });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Error: soc.dtsi:2.8-15 syntax error: expected a number, got "x"\n' +
        "  from macro LINE, used at soc.dtsi:2.8-15\n" +
        "  included at board.dts:3.1-20\n" +
        "FATAL ERROR: Unable to parse input tree\n",
    );
  });

  it("warns where the preprocessor does", () => {
    const { code, stderr } = run(["--cpp", "-i", "inc", "-o", "o.dtb", "board.dts"], {
      "soc.dtsi": "/ { };\n#warning w",
    });
    expect(code).toBe(0);
    expect(stderr).toBe("WARNING: soc.dtsi:2.1-9: #warning w\n  included at board.dts:3.1-20\n");
  });

  it("shows the innermost steps of a long way", () => {
    const { stderr } = run(["--cpp", "loop.dts"], { "loop.dts": '#include "loop.dts"\n' });
    expect(stderr.split("\n")).toHaveLength(12);
    expect(stderr).toContain("  and 191 more\n");
  });

  it("lists the files that were read for -d", () => {
    const { files: written } = run(["--cpp", "-q", "-i", "inc", "-d", "deps", "-o", "o.dtb", "board.dts"]);
    expect(Buffer.from(written.get("deps") ?? []).toString()).toBe("o.dtb: board.dts inc/lines.h soc.dtsi\n");
  });
});

describe("without --cpp, dtc", () => {
  it("does not know the preprocessor", () => {
    expect(run(["board.dts"], { "lines.h": "#define A 1\n" }).code).toBe(1);
  });

  it("has the usage of the original, and abbreviates no option of ours", () => {
    expect(run(["-h"]).stdout).not.toMatch(/cpp|define/);
    expect(run(["--cp", "board.dts"]).stderr).toContain("dtc: unrecognized option '--cp'\n");
  });
});
