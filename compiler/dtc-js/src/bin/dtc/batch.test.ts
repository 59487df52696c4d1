import { describe, expect, it } from "vitest";
import { machine, type Host } from "../host.ts";
import { FileError } from "../reasons.ts";
import { runBatch } from "./batch.ts";

const good = "/dts-v1/; / { };";
/** Each file includes the next one twice. */
const bomb = Object.fromEntries(
  Array.from({ length: 30 }, (_, index): [string, string] => [
    index === 0 ? "bomb.dts" : `bomb${index}`,
    `${index === 0 ? "/dts-v1/;\n" : ""}/include/ "bomb${index + 1}"\n/include/ "bomb${index + 1}"\n`,
  ]),
);
const files: Readonly<Record<string, string>> = {
  "a.dts": good,
  "a b.dts": good,
  "./-a.dts": good,
  "b.dts": "/dts-v1/; / { a { }; a { }; };",
  ...bomb,
  bomb30: "/ { };",
};

function run(list: string | undefined, ...args: readonly string[]): readonly [number, readonly string[], string] {
  const written: string[] = [];
  let said = "";
  const host: Host = {
    ...machine,
    read: (path) => {
      const found = path === "-" ? list : files[path];
      if (found === undefined) throw new FileError("Is a directory");
      return new Uint8Array(Buffer.from(found, "latin1"));
    },
    isFolder: () => false,
    write: (path) => {
      written.push(path);
    },
    print: (text) => {
      said += String(text);
    },
    complain: (text) => {
      said += text;
    },
  };
  return [runBatch(host, ["-q", ...args]), written, said];
}

describe("dtc-batch", () => {
  it("compiles line by line, goes on behind failures, and keeps the highest exit code", () => {
    const [code, written, said] = run("a.dts a.dtb\nb.dts b.dtb\n\nc.dts\r\na.dts d.dtb\r\n", "-O", "dtb");
    expect(code).toBe(2);
    expect(written).toEqual(["a.dtb", "d.dtb"]);
    expect(said).toContain("dtc-batch: line 2 failed: b.dts\n");
    expect(said).toContain('dtc-batch: line 4 is not "IN OUT"\n');
  });

  it("takes names with blanks between tabs, and such as begin with a dash", () => {
    expect(run("a b.dts\to u t.dtb\n-a.dts -o.dtb")).toEqual([0, ["o u t.dtb", "-o.dtb"], ""]);
    expect(run("a b.dts o.dtb")[2]).toBe('dtc-batch: line 1 is not "IN OUT"\n');
    expect(run("-a.dts o.dtb", "--")).toEqual([0, ["o.dtb"], ""]);
  });

  it("writes no file twice, but devices", () => {
    const [code, written, said] = run("a.dts o.dtb\na.dts o.dtb\na.dts /dev/null\na.dts /dev/null\n");
    expect([code, written]).toEqual([1, ["o.dtb", "/dev/null", "/dev/null"]]);
    expect(said).toBe("dtc-batch: line 2 writes o.dtb, as line 1 does\n");
  });

  it("gives up an include bomb, and goes on", () => {
    const [code, written, said] = run("bomb.dts b.dtb\na.dts a.dtb\n");
    expect([code, written]).toEqual([1, ["a.dtb"]]);
    expect(said).toMatch(/dtc-batch: line 1 failed: bomb\.dts\n$/);
  });

  it("says once what is wrong with its options, and what all lines have in common", () => {
    const list = "a.dts a.dtb\n".repeat(1000);
    for (const [args, said] of [
      [["-Z"], "FATAL ERROR: dtc-batch: invalid option -- 'Z'\n"],
      [["-o", "x"], "FATAL ERROR: dtc-batch: invalid option -- 'o'\n"],
      [["-H", "x"], 'FATAL ERROR: Invalid argument "x" to -H option\n'],
      [["x.dts"], "FATAL ERROR: dtc-batch takes no files but those of the list on standard input\n"],
    ] as const) {
      expect(run(list, ...args)).toEqual([1, [], said]);
    }
    expect(run("- o.dtb")[2]).toBe("dtc-batch: line 1 reads standard input, which is the list\n");
    expect(run(undefined)).toEqual([1, [], "FATAL ERROR: Is a directory\n"]);
    expect(run(undefined, "-h")[2]).toMatch(/^Usage: dtc-batch /);
    expect(run(undefined, "-v")).toEqual([0, [], "Version: DTC 1.8.1\n"]);
  });

  it("compiles thousands of lines", () => {
    const list = Array.from({ length: 2000 }, (_, index) => `a.dts ${index}.dtb\n`).join("");
    const [code, written] = run(list);
    expect([code, written.length]).toEqual([0, 2000]);
  });
});
