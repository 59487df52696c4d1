import { describe, expect, it } from "vitest";
import { corpusText, runInMemory, type CommandRun } from "../../testing/commands.ts";
import type { CommandSpec } from "../command.ts";
import { dtc } from "../dtc/dtc.ts";
import { fdtdump } from "./fdtdump.ts";
import { fdtget } from "./fdtget.ts";
import { fdtoverlay } from "./fdtoverlay.ts";
import { fdtput } from "./fdtput.ts";

function compile(source: string, ...args: readonly string[]): Uint8Array {
  const { files, stderr } = runInMemory(dtc, ["-q", ...args, "-O", "dtb", "-o", "o", "s"], { s: source });
  const blob = files.get("o");
  if (!blob) throw new Error(stderr);
  return blob;
}

const blob =
  compile(`/dts-v1/; /memreserve/ 0 0xe; / { a = "x", "y"; n = <1 0xffffffff>; b = [01 02 03]; e; t = [61 07 00];
  c1 { }; c2 { p = "q"; }; };`);
const run = (spec: CommandSpec, args: readonly string[], file: Uint8Array = blob): CommandRun =>
  runInMemory(spec, args, { f: file });

describe("fdtget", () => {
  // What the original prints of the same blob.
  it.each([
    [["f", "/", "a"], "x y\n"],
    [["f", "/", "n"], "1 -1\n"],
    [["f", "/", "b"], "1 2 3\n"],
    [["f", "/", "e"], "\n"],
    [["f", "/", "t"], "97 7 0\n"],
    [["-tx", "f", "/", "n"], "1 ffffffff\n"],
    [["-tu", "f", "/", "n"], "1 4294967295\n"],
    [["-thx", "f", "/", "n"], "0 1 ffff ffff\n"],
    [["-tbx", "f", "/", "a"], "78 0 79 0\n"],
    [["-tr", "f", "/", "a"], "x\0y\0\n"],
    [["-ts", "f", "/", "a", "/c2", "p"], "x y\nq\n"],
    [["-d", "none", "f", "/", "zz", "/zz", "a"], "none\nnone\n"],
    [["-p", "f", "/"], "a\nn\nb\ne\nt\n"],
    [["-l", "f", "/"], "c1\nc2\n"],
  ])("%j", (args, stdout) => {
    expect(run(fdtget, args)).toMatchObject({ code: 0, stdout, stderr: "" });
  });

  it.each([
    [["f", "/zz", "a"], "Error at '/zz': FDT_ERR_NOTFOUND\n"],
    [["f", "/", "zz"], "Error at 'zz': FDT_ERR_NOTFOUND\n"],
    [["-ts", "f", "/", "b"], "Unterminated string\n"],
    [["-tlx", "f", "/", "b"], "Property length must be a multiple of selected data size\n"],
    [["g", "/", "a"], "Couldn't open blob from 'g': No such file or directory\n"],
  ])("%j", (args, stderr) => {
    expect(run(fdtget, args)).toMatchObject({ code: 1, stdout: "", stderr });
  });

  it("refuses what is no blob, and an odd number of names", () => {
    expect(run(fdtget, ["f", "/", "a"], new Uint8Array(64)).stderr).toBe("Error at '/': FDT_ERR_BADMAGIC\n");
    expect(run(fdtget, ["f", "/"]).stderr).toMatch(/\nError: must have an even number of arguments\n$/);
  });
});

describe("fdtput", () => {
  const put = (...args: readonly string[]): string => {
    const { files, stderr } = run(fdtput, args);
    const changed = files.get("f");
    if (!changed) return stderr;
    return runInMemory(dtc, ["-q", "-I", "dtb", "-O", "dts", "f"], { f: changed }).stdout;
  };

  it("puts new properties and nodes in front", () => {
    expect(put("f", "/", "z", "1", "2")).toContain("/ {\n\tz = <0x01 0x02>;\n\ta =");
    expect(put("-ts", "f", "/", "a", "v", "w")).toContain('/ {\n\ta = "v", "w";\n\tn =');
    expect(put("-c", "f", "/c0", "/c2/d")).toMatch(/\tc0 \{\n\t\};\n\n\tc1 [^]*\td \{/);
    expect(put("-cp", "f", "/x/y", "/c1")).toContain("\tx {\n\n\t\ty {");
    expect(put("-tbx", "f", "/", "z", "1", "ff")).toContain("z = [01 ff];");
  });

  it("deletes", () => {
    expect(put("-r", "f", "/c1")).not.toContain("c1");
    expect(put("-d", "f", "/", "n", "b")).toMatch(/y";\n\te;/);
  });

  it("leaves the file alone where something is wrong", () => {
    expect(put("-c", "f", "/x/y")).toBe("Error at '/x/y': FDT_ERR_NOTFOUND\n");
    expect(put("-c", "f", "/c1")).toBe("Error at 'c1': FDT_ERR_EXISTS\n");
    expect(put("-r", "f", "/zz")).toBe("Error at '/zz': FDT_ERR_NOTFOUND\n");
    expect(run(fdtput, ["f", "/", "z", "1x"])).toMatchObject({ code: 1, stderr: "" });
  });

  it("shows with -v what it understood", () => {
    expect(run(fdtput, ["-v", "-tx", "f", "/", "z", "1", "0x2a"]).stderr).toBe(
      "Decoding value:\n\tint: 1\n\tint: 42\nValue size 8\n",
    );
  });
});

describe("fdtget and fdtput", () => {
  const aliased = compile(`/dts-v1/; / { aliases { al = "/n/m"; }; n { m { x = <1>; k { }; }; }; };`);
  const dumped = (args: readonly string[]): string => {
    const { files, code } = run(fdtput, args, aliased);
    expect(code).toBe(0);
    return run(fdtdump, ["f"], files.get("f")).stdout.replaceAll(/\s+/g, " ");
  };

  it("take a path that begins with an alias", () => {
    expect(run(fdtget, ["f", "al", "x"], aliased).stdout).toBe("1\n");
    expect(run(fdtget, ["-l", "f", "al"], aliased).stdout).toBe("k\n");
    expect(run(fdtget, ["f", "no", "x"], aliased).stderr).toBe("Error at 'no': FDT_ERR_BADPATH\n");
    expect(run(fdtget, ["f", "al/no", "x"], aliased).stderr).toBe("Error at 'al/no': FDT_ERR_NOTFOUND\n");
    expect(dumped(["-ts", "f", "al", "x", "y"])).toContain('m { x = "y"; k { }; }; };');
    expect(dumped(["-d", "f", "al", "x"])).toContain("m { k { }; }; };");
    expect(dumped(["-r", "f", "al/k"])).toContain("m { x = <0x00000001>; };");
    expect(dumped(["-c", "f", "al/new"])).toContain("m { x = <0x00000001>; new { }; k { }; };");
    expect(run(fdtput, ["-r", "f", "no"], aliased).stderr).toBe("Error at 'no': FDT_ERR_BADPATH\n");
  });

  it("create with -p what is missing from the root on, whatever the path begins with and however long it is", () => {
    expect(dumped(["-cp", "f", "al/new"])).toContain("/ { al { new { }; }; aliases {");
    const long = "lorem ipsum ".repeat(400);
    expect(dumped(["-cp", "f", `${long}/end`])).toContain(`/ { ${long}{ end { }; }; aliases {`);
  });
});

describe("fdtdump", () => {
  it("prints what the original prints", () => {
    const { stdout, stderr } = run(fdtdump, ["f"]);
    expect(stderr).toMatch(/^\n\*{4} fdtdump is a low-level debugging tool/);
    expect(stdout.split("\n").slice(11, -1)).toEqual([
      "",
      "/memreserve/ 0 0xe;",
      "/ {",
      '    a = "x", "y";',
      "    n = <0x00000001 0xffffffff>;",
      "    b = [01 02 03];",
      "    e;",
      "    t = [61 07 00];",
      "    c1 {",
      "    };",
      "    c2 {",
      '        p = "q";',
      "    };",
      "};",
    ]);
  });

  it("says with -d where each thing stands, and what it skips", () => {
    const { stdout } = run(fdtdump, ["-d", "f"]);
    expect(stdout.split("\n").slice(13, 25)).toEqual([
      "// 0048: tag: 0x00000001 (FDT_BEGIN_NODE)",
      "/ {",
      "// 0050: tag: 0x00000003 (FDT_PROP)",
      "// 00d0: string: a",
      "// 005c: value",
      '    a = "x", "y";',
      "// 0060: tag: 0x00000003 (FDT_PROP)",
      "// 00d2: string: n",
      "// 006c: value",
      "    n = <0x00000001 0xffffffff>;",
      "// 0074: tag: 0x00000003 (FDT_PROP)",
      "// 00d4: string: b",
    ]);
    const inside = new Uint8Array(Buffer.concat([Buffer.from("d00dfeed", "hex"), blob]));
    expect(run(fdtdump, ["-d", "-s", "f"], inside).stdout).toBe(
      `f: skipping fdt magic at offset 0\nf: found fdt at offset 0x4\n${stdout}`,
    );
  });

  it("prints NOPs, and nodes of old versions by their paths", () => {
    const old = compile("/dts-v1/; / { n { m { x = <1 2>; }; }; };", "-V", "3");
    const { stdout } = run(fdtdump, ["-d", "f"], old);
    expect(stdout.split("\n").slice(11)).toEqual([
      "// 0038: tag: 0x00000001 (FDT_BEGIN_NODE)",
      "/ {",
      "// 0040: tag: 0x00000003 (FDT_PROP)",
      "// 00a8: string: name",
      "// 004c: value",
      "    name = [00];",
      "// 0050: tag: 0x00000001 (FDT_BEGIN_NODE)",
      "    /n {",
      "// 0058: tag: 0x00000003 (FDT_PROP)",
      "// 00a8: string: name",
      "// 0064: value",
      '        name = "n";',
      "// 0068: tag: 0x00000001 (FDT_BEGIN_NODE)",
      "        /n/m {",
      "// 0074: tag: 0x00000003 (FDT_PROP)",
      "// 00ad: string: x",
      "// 0080: value",
      "            x = <0x00000001 0x00000002>;",
      "// 0088: tag: 0x00000003 (FDT_PROP)",
      "// 00a8: string: name",
      "// 0094: value",
      '            name = "m";',
      "// 0098: tag: 0x00000002 (FDT_END_NODE)",
      "        };",
      "// 009c: tag: 0x00000002 (FDT_END_NODE)",
      "    };",
      "// 00a0: tag: 0x00000002 (FDT_END_NODE)",
      "};",
      "",
    ]);
    const nops = blob.slice();
    // The token of "n", its length, its name's offset, and its value.
    for (let at = 0x60; at < 0x74; at += 4) nops.set([0, 0, 0, 4], at);
    expect(run(fdtdump, ["-d", "f"], nops).stdout).toContain(
      '\n    a = "x", "y";\n// 0060: tag: 0x00000004 (FDT_NOP)\n    // [NOP]\n// 0064: tag',
    );
    expect(run(fdtdump, ["f"], nops).stdout).toContain(`"y";\n${"    // [NOP]\n".repeat(5)}    b = `);
  });

  it("finds a blob inside of a file with -s", () => {
    const inside = new Uint8Array(Buffer.concat([Buffer.from("d00dfeed00", "hex"), blob]));
    expect(run(fdtdump, ["-s", "f"], inside).stdout).toMatch(/^f: found fdt at offset 0x5\n\/dts-v1\/;\n/);
    expect(run(fdtdump, ["f"], inside)).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("fdtoverlay", () => {
  const text = (name: string): Uint8Array => compile(corpusText(`overlays/${name}.dts`), "-@");
  const files = { base: text("base"), one: text("overlay"), two: text("second") };

  it("makes the tree that the original makes", () => {
    const { code, files: written, stderr } = runInMemory(fdtoverlay, ["-i", "base", "-o", "out", "one", "two"], files);
    expect([code, stderr]).toEqual([0, ""]);
    const merged = { m: written.get("out") ?? new Uint8Array(0) };
    const { stdout } = runInMemory(dtc, ["-q", "-I", "dtb", "-O", "dts", "m"], merged);
    expect(stdout).toBe(corpusText("overlays/merged.out.dts"));
  });

  it("says what an overlay lacks, and writes nothing", () => {
    const bare = { ...files, base: compile("/dts-v1/; / { };") };
    const done = runInMemory(fdtoverlay, ["-i", "base", "-o", "out", "one"], bare);
    expect(done).toMatchObject({ code: 1, files: new Map() });
    expect(done.stderr).toMatch(
      /^\nFailed to apply 'one': FDT_ERR_\w+\nbase blob does not have a '\/__symbols__' node/,
    );
  });
});
