import { describe, expect, it } from "vitest";
import { print } from "../print/print.ts";
import { decode } from "../blob/decode.ts";
import { corpusText, runInMemory } from "../testing/commands.ts";
import { usage } from "./options.ts";
import { dtc } from "./dtc/dtc.ts";
import { fdtdump } from "./fdt/fdtdump.ts";
import { fdtget } from "./fdt/fdtget.ts";
import { fdtoverlay } from "./fdt/fdtoverlay.ts";
import { fdtput } from "./fdt/fdtput.ts";

/** What a command line did: of the original, as recorded, or of ours. What was not said is empty, or 0. */
interface Done {
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** What was written, as base64. */
  readonly files?: Readonly<Record<string, string>>;
}

const commands = { dtc, fdtdump, fdtget, fdtoverlay, fdtput };
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
const utf8 = (path: string): string => Buffer.from(corpusText(path), "latin1").toString();
const given = Object.fromEntries(
  Object.entries(JSON.parse(utf8("commands/files.json")) as Record<string, string>).map(([name, text]) => [
    name,
    fromBase64(text),
  ]),
);
const records = utf8("commands/lines.jsonl")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Done & { readonly line: string });

/** The words of a command line, in which '' keeps blanks, and the file behind "<". */
function wordsOf(line: string): { readonly words: readonly string[]; readonly input: string | undefined } {
  const words = Array.from(line.matchAll(/(?:'[^']*'|[^'\s])+/g), ([word]) => word.replaceAll("'", ""));
  const at = words.indexOf("<");
  return at < 0 ? { words, input: undefined } : { words: words.toSpliced(at, 2), input: words[at + 1] };
}

function run(line: string): Required<Done> {
  const { words, input } = wordsOf(line);
  const [name = "", ...args] = words;
  const spec = commands[name as keyof typeof commands];
  const stdin = input === undefined ? new Uint8Array(0) : (given[input] ?? expect.fail(input));
  const { code, stdout, stderr, files } = runInMemory(spec, args, { ...given, "-": stdin });
  const text = usage(spec.synopsis, spec.options, spec.shortOptions);
  const short = (said: string): string => (/^\w+ -h$/.test(line) ? said : said.replace(text, "{usage}"));
  return {
    code,
    stdout: short(stdout),
    stderr: short(stderr),
    files: Object.fromEntries(
      Array.from(files, ([path, data]): [string, string] => [
        path.replace(/^\.\//, ""),
        Buffer.from(data).toString("base64"),
      ]).filter(([path, text]) => given[path] === undefined || text !== Buffer.from(given[path]).toString("base64")),
    ),
  };
}

/** Blobs are the same where their trees and sizes are: the original leaves what was there between values. */
function sameFile(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b] = [decode(fromBase64(one)), decode(fromBase64(other))];
  return one.length === other.length && a.ok && b.ok && print(a.value) === print(b.value);
}

function sameFiles(ours: Readonly<Record<string, string>>, original: Readonly<Record<string, string>> = {}): boolean {
  const names = new Set([...Object.keys(ours), ...Object.keys(original)]);
  return Array.from(names).every((name) => sameFile(ours[name] ?? "", original[name] ?? ""));
}

function isSame(line: Done & { readonly line: string }): boolean {
  const ours = run(line.line);
  return (
    ours.code === (line.code ?? 0) &&
    ours.stdout === (line.stdout ?? "") &&
    ours.stderr === (line.stderr ?? "") &&
    sameFiles(ours.files, line.files)
  );
}

/** Where ours do something else, and why. */
const differences: Readonly<Record<string, readonly string[]>> = {
  "-t h writes half-words: the original writes each number's low byte, and a zero": [
    "fdtput -t hx f / zz 1234",
    "fdtput -t hx f / zz 1234 5678",
    "fdtput -t hi f / zz 1",
    "fdtput -t hu f / zz 1",
    "fdtput -v -t hx f / zz 1ff 2",
    "fdtput -v -t hi f / zz 256 70000",
    "fdtput -v -t hx f / zz 80 8000",
  ],
  "bytes between values are zero: the original leaves what was there": ["fdtoverlay -i base.dtb -o - ov.dtb"],
  "a blob is read whole before anything is looked for, and what is wrong with it is told": [
    "fdtget cut / a",
    "fdtput cut / a 1",
    "dtc cut",
    "dtc -I dtb cut",
    "dtc -f -I dtb cut",
    "fdtdump cut",
    "fdtdump -s cut",
    "fdtoverlay -i junk -o out ov.dtb",
    "fdtoverlay -i base.dtb -o out junk",
    "fdtoverlay -i empty -o out ov.dtb",
    "fdtoverlay -i base.dtb -o out empty",
    "fdtoverlay -i base.dtb -o out cut",
    "fdtoverlay -i cut -o out ov.dtb",
  ],
  "the names of nodes in blobs before version 16 are no properties": ["fdtget -p f3 /"],
  "-h and -v are answered whatever is wrong beside them": [
    "fdtget -th -h",
    "fdtput -t q -h",
    "dtc -H foo -h",
    "dtc -a 3 -v",
  ],
  "what was removed with the root is told first": ["fdtput -r f / ''"],
  "a syntax error says what was expected, and where in an empty file": [
    "dtc -dash.dts",
    "dtc",
    "dtc empty",
    "dtc junk",
    "dtc -I dts junk",
    "dtc -I dts f",
    "dtc -f junk",
    "dtc -Vh",
  ],
  "a byte above 0x7f is printed so that it can be read again": ["dtc -O dts \u00c3\u00a9.dts"],
  "no dependencies are written of what cannot be read": ["dtc -o o -d dep nope.dts"],
  "a blob is known on standard input, too": ["dtc - < f"],
  "where a base has no symbols, a label is not found": [
    "fdtoverlay -i plain.dtb -o out ov.dtb",
    "fdtoverlay -i f -o out ov.dtb",
  ],
};

describe("command lines", () => {
  const intended = Object.values(differences).flat();

  it("are many, of every command", () => {
    expect(records.length).toBeGreaterThan(600);
    expect(new Set(records.map(({ line }) => line.split(" ")[0]))).toEqual(new Set(Object.keys(commands)));
  });

  it("do what dtc 1.8.1's do, but for what is listed", () => {
    const found = records.filter((record) => !isSame(record)).map(({ line }) => line);
    expect(found.toSorted()).toEqual(intended.toSorted());
  });

  it("have the original's exit code, but for a blob on standard input", () => {
    const found = records.filter(({ line, code }) => run(line).code !== (code ?? 0)).map(({ line }) => line);
    expect(found).toEqual(["fdtget -th -h", "fdtput -t q -h", "dtc - < f", "dtc -H foo -h", "dtc -a 3 -v"]);
  });
});
