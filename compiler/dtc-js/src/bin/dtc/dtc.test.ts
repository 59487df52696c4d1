import { describe, expect, it } from "vitest";
import { corpusText, runInMemory, type CommandRun } from "../../testing/commands.ts";
import { dtc } from "./dtc.ts";

const run = (args: readonly string[], files: Record<string, string | Uint8Array>): CommandRun =>
  runInMemory(dtc, args, files);
const root = (content: string): string => `/dts-v1/;\n/ { ${content} };\n`;

describe("dtc's checks", () => {
  // The .stderr files are what dtc 1.8.1 says of the same sources.
  it.each([
    "addresses",
    "bus-devices",
    "bus-names",
    "buses",
    "consumers",
    "graphs-and-maps",
    "lines",
    "overlay",
    "providers",
    "refused",
    "strings",
  ])("says of %s.dts what the original says", (name) => {
    const file = `${name}.dts`;
    const { code, stderr } = run(["-O", "dtb", "-o", "out.dtb", file], { [file]: corpusText(`checks/${file}`) });
    expect(stderr).toBe(corpusText(`checks/${name}.stderr`));
    expect(code).toBe(name === "refused" ? 2 : 0);
  });

  const unnamed = { "a.dts": root("a { reg = <1>; };") };
  const findings = (...args: readonly string[]): readonly string[] =>
    Array.from(run([...args, "-o", "o.dtb", "a.dts"], unnamed).stderr.matchAll(/(\w+) \((\w+)\)/g), ([, ...what]) =>
      what.join(" "),
    );

  it("turns off with a check what needs it", () => {
    expect(findings("-Wno-addr_size_cells")).toEqual(["Warning unit_address_vs_reg"]);
  });

  it("stops behind the first check that refuses", () => {
    expect(findings("-Eunit_address_vs_reg")).toEqual(["Warning reg_format", "ERROR unit_address_vs_reg"]);
  });

  it("knows -W, -E and their negations", () => {
    expect(findings("-Walways_fail").slice(-2)).toEqual(["Warning always_fail", "Warning always_fail"]);
    expect(findings("-Walways_fail", "-Wno_always_fail")).not.toContain("Warning always_fail");
    expect(run(["-Ealways_fail", "a.dts"], unnamed).code).toBe(2);
    expect(run(["-Wnonsense", "a.dts"], unnamed).stderr).toBe('FATAL ERROR: Unrecognized check name "nonsense"\n');
  });

  it("writes its messages in UTF-8", () => {
    expect(run(["empty.dts"], { "empty.dts": "/dts-v1/;" }).stderr).toContain('"/ { … };"');
  });

  it("is quieter with each -q", () => {
    const refused = { "a.dts": root("a { }; a { }; b@1 { };") };
    const lines = (...args: readonly string[]): number =>
      run([...args, "a.dts"], refused).stderr.split("\n").length - 1;
    expect([lines(), lines("-q"), lines("-qq")]).toEqual([2, 2, 1]);
    expect(run(["-q", "a.dts"], { "a.dts": root("b@1 { };") }).stderr).toBe("");
  });

  it.each(["unit_address_vs_reg", "simple_bus_reg", "reg_format", "avoid_default_addr_size"])(
    "refuses with -q what it refuses without, as %s of what only warns",
    (name) => {
      const bus = { "a.dts": root('a { compatible = "simple-bus"; b { reg = <1>; }; c { }; };') };
      const lines = (...args: readonly string[]): readonly string[] =>
        run([...args, `-E${name}`, "a.dts"], bus).stderr.split("\n");
      const errors = lines().filter((line) => !line.includes("Warning ("));
      expect(errors.some((line) => line.includes("ERROR ("))).toBe(true);
      expect(lines("-q")).toEqual(errors);
    },
  );

  it("writes what it refuses with -f, and only then", () => {
    const refused = { "a.dts": root("a { x = <&nope>; };") };
    expect(run(["-O", "dts", "a.dts"], refused)).toMatchObject({ code: 2, stdout: "" });
    const forced = run(["-f", "-O", "dts", "a.dts"], refused);
    expect(forced.stdout).toContain("x = <&nope>;");
    expect(forced.stderr).toContain("Warning: Input tree has errors, output forced\n");
    expect(run(["-f", "a.dts"], refused).stdout.slice(0, 4)).toBe("\xd0\x0d\xfe\xed");
  });
});

const annotations = (name: string): [string, string[], string][] => [
  [name, ["-T", "-O", "dts"], "-T.dts"],
  [name, ["-T", "-T", "-O", "dts"], "-TT.dts"],
];

describe("files that a source names", () => {
  const header = "/dts-v1/;\n";
  it("are missing where no folder has them, which is the last that is said", () => {
    const { code, stderr } = run(["-i", "inc", "a.dts"], { "a.dts": `${header}/include/ "b.dtsi"\n/ { a = ; };` });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Error: a.dts:2.1-19 "b.dtsi" cannot be included: there is no such file\n' +
        'FATAL ERROR: Couldn\'t open "b.dtsi": No such file or directory\n',
    );
  });

  it("are not called missing where a folder of -i has them", () => {
    const files = { "a.dts": `${header}/include/ "b.dtsi"\n/ { a = ; };`, "inc/b.dtsi": '/include/ "b.dtsi"\n' };
    const { stderr } = run(["-i", "inc", "a.dts"], files);
    expect(stderr).toContain('"inc/b.dtsi" includes itself');
    expect(stderr).not.toContain("Couldn't open");
  });

  it("are taken as far as they go", () => {
    const files = { "a.dts": `${header}/ { a = /incbin/("b", 1, 9); b = /incbin/("b", 7, 1); };`, b: "xyz" };
    const { code, stdout, stderr } = run(["-O", "dts", "a.dts"], files);
    expect(code).toBe(0);
    expect(stdout).toContain("\ta = [79 7a];\n\tb;\n");
    expect(stderr.match(/ends before byte/g)).toHaveLength(2);
  });

  it("are not taken from where no file has a byte", () => {
    const { code } = run(["a.dts"], { "a.dts": `${header}/ { a = /incbin/("b", (0 - 1), 1); };`, b: "xyz" });
    expect(code).toBe(1);
  });
});

it("names files with -T from the folder of the first, as dtc does", () => {
  const include = ["s.dtsi", "../other/o.dtsi", "i.dtsi"].map((file) => `/include/ "${file}"\n`).join("");
  const files = {
    "arch/a.dts": `/dts-v1/;\n${include}/ { a; };`,
    "arch/s.dtsi": "/ { s; };",
    "arch/../other/o.dtsi": "/ { o; };",
    "inc/i.dtsi": "/ { i; };",
  };
  const names = (detail: readonly string[]): string | undefined =>
    /\/ \{ \/\* (.*) \*\//.exec(run([...detail, "-O", "dts", "-i", "inc", "arch/a.dts"], files).stdout)?.[1];
  expect(names(["-T"])).toBe("s.dtsi:1, ../other/o.dtsi:1, inc/i.dtsi:1, a.dts:5");
  expect(names(["-T", "-T"])).toMatch(/^arch\/s.dtsi:1:3-1:10, arch\/..\/other\/o.dtsi:/);
});

it("does not count warnings as errors", () => {
  const source = `/dts-v1/;\n/ { a = <${"0x100000000 ".repeat(150)}>; };`;
  const { code, stderr } = run(["-O", "dts", "a.dts"], { "a.dts": source });
  expect([code, stderr.match(/truncated/g)?.length]).toEqual([0, 150]);
});

it("fills references in whatever checks are disabled", () => {
  const source = "/dts-v1/;\n/ { a = <&l>, <&{/b}>; l: b { }; };";
  for (const check of ["duplicate_node_names", "explicit_phandles", "phandle_references", "omit_unused_nodes"]) {
    const { stdout } = run(["-q", "-O", "dtb", "-E", `no-${check}`, "a.dts"], { "a.dts": source });
    expect(stdout).toContain("\0\0\0\x01\0\0\0\x01");
  }
});

describe("dtc's outputs", () => {
  // The .out files are what dtc 1.8.1 makes of the same sources.
  const all = ["-@", "-A", "-L", "-s", "-H", "both", "-O", "dts"];
  const cases: readonly [name: string, args: readonly string[], suffix: string][] = [
    "kinds",
    "lists",
    "overlay",
  ].flatMap((name): [string, readonly string[], string][] => [
    [name, ["-O", "dts"], ".dts"],
    [name, ["-O", "yaml"], ".yaml"],
    [name, ["-O", "asm"], ".s"],
    [name, all, "-all.dts"],
    ...(name === "overlay" ? [] : annotations(name)),
  ]);
  it.each(cases)("%s.dts with %j is byte for byte the original's", (name, args, suffix) => {
    const file = `${name}.dts`;
    const { stdout } = run(["-q", ...args, file], { [file]: corpusText(`outputs/${file}`) });
    expect(stdout).toBe(corpusText(`outputs/${name}.out${suffix}`));
  });

  it("guesses formats from magic numbers and names", () => {
    const source = root('a = "b";');
    const blob = run(["a.dts"], { "a.dts": source }).stdout;
    expect(blob.slice(0, 4)).toBe("\xd0\x0d\xfe\xed");
    const text = run(["a.dtb"], { "a.dtb": new Uint8Array(Buffer.from(blob, "latin1")) }).stdout;
    expect(text).toBe('/dts-v1/;\n\n/ {\n\ta = "b";\n};\n');
    expect(run(["-o", "b.dts", "a.dts"], { "a.dts": source }).files.get("b.dts")).toEqual(
      new Uint8Array(Buffer.from(text)),
    );
  });

  it("keeps bytes of strings as they are in the file", () => {
    const { stdout } = run(["a.dts"], { "a.dts": root('a = "\xff\xc3\xa9";') });
    expect(stdout).toContain("\xff\xc3\xa9\0");
  });

  it("finds includes beside the file and in -i, and lists them for make", () => {
    const files = {
      "d/a.dts": '/dts-v1/;\n/include/ "b c.dtsi"\n/ { x = /incbin/("e.bin", 1, 2); };',
      "d/b c.dtsi": '/include/ "f.dtsi"',
      "inc/f.dtsi": "/ { };",
      "d/e.bin": "1234",
    };
    const done = run(["-i", "inc", "-d", "dep", "-o", "o.dtb", "d/a.dts"], files);
    expect(done.stderr).toBe("");
    expect(Buffer.from(done.files.get("dep") ?? []).toString()).toBe(
      "o.dtb: d/a.dts d/b\\ c.dtsi inc/f.dtsi d/e.bin\n",
    );
    expect(run(["d/a.dts"], files).code).toBe(1);
  });
});

describe("dtc's refusals", () => {
  const a = { "a.dts": root("") };
  it.each([
    [["-H", "x", "a.dts"], 'FATAL ERROR: Invalid argument "x" to -H option\n'],
    [["-I", "x", "a.dts"], 'FATAL ERROR: Unknown input format "x"\n'],
    [["-O", "x", "a.dts"], 'FATAL ERROR: Unknown output format "x"\n'],
    [["-V", "9", "a.dts"], "FATAL ERROR: Unknown device tree blob version 9\n"],
    [["-a", "3", "a.dts"], 'FATAL ERROR: Invalid argument "3" to -a option\n'],
    [["-p", "3", "-S", "4", "a.dts"], "FATAL ERROR: Can't set both -p and -S\n"],
    [["-T", "-O", "dtb", "a.dts"], "FATAL ERROR: --annotate requires -I dts -O dts\n"],
    [["zz.dts"], 'FATAL ERROR: Couldn\'t open "zz.dts": No such file or directory\n'],
    [["-I", "dtb", "a.dts"], "FATAL ERROR: Blob has incorrect magic number\n"],
  ])("%j", (args, stderr) => {
    expect(run(args, a)).toMatchObject({ code: 1, stderr, stdout: "" });
  });

  it("says where a source cannot be read", () => {
    const { code, stderr } = run(["a.dts"], { "a.dts": "/dts-v1/;\n/ { a = ; };\n" });
    expect(stderr).toBe(
      'Error: a.dts:2.9-10 syntax error: expected a value, got ";"\nFATAL ERROR: Unable to parse input tree\n',
    );
    expect(code).toBe(1);
  });

  it("explains itself where options are wrong", () => {
    const { code, stderr } = run(["--zzz"], a);
    expect(stderr).toMatch(/^dtc: unrecognized option '--zzz'\nUsage: dtc \[options\] <input file>\n/);
    expect(stderr).toMatch(/\nError: unknown option\n$/);
    expect(code).toBe(1);
    expect(run(["-v"], a)).toMatchObject({ code: 0, stdout: "Version: DTC 1.8.1\n" });
  });
});
