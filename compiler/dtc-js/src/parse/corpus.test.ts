import { describe, expect, it } from "vitest";
import { decode } from "../blob/decode.ts";
import { encode } from "../blob/encode.ts";
import { print } from "../print/print.ts";
import { corpus, fromCorpus } from "../testing/files.ts";
import { dtcCompile, dtcDecompile, dtcReprint } from "../testing/dtc.ts";
import { bare } from "../testing/trees.ts";
import type { DeviceTree } from "../tree.ts";
import { parse } from "./parse.ts";

function parsed(source: Parameters<typeof parse>[0]): DeviceTree {
  const { value, diagnostics } = parse(source, { include: fromCorpus });
  expect(diagnostics).toEqual([]);
  if (!value) throw new Error("there is no tree");
  return value;
}

describe.each(corpus.map((file) => [file.name.replace(/.*\//, ""), file] as const))("%s", (_, file) => {
  it("compiles to the bytes of dtc", () => {
    expect(Buffer.from(encode(parsed(file))).toString("hex")).toBe(Buffer.from(dtcCompile(file.text)).toString("hex"));
  });

  it("prints as dtc prints it", () => {
    expect(print(parsed(file))).toBe(dtcReprint(file.text));
  });

  it("decodes and prints as dtc decompiles it", () => {
    const blob = dtcCompile(file.text);
    const result = decode(blob);
    expect(result.ok && print(result.value)).toBe(dtcDecompile(blob));
  });

  it("is the same blob after it was printed and read again, by value and by name", () => {
    const tree = parsed(file);
    for (const references of ["values", "names"] as const) {
      expect(bare(parsed(print(tree, { references })))).toEqual(bare(tree));
    }
  });
});
