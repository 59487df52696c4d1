import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../src/blob/encode.ts";
import { parse } from "../src/parse/parse.ts";
import { compileSource, MAX_INPUT, readBlob } from "./compile.ts";
import { describeBlob, type Item } from "./structure.ts";

const source = `/dts-v1/; /memreserve/ 0x1000 0x20; / { model = "Board"; cpus { cpu@0 { reg = <0>; data = [01 02 03]; }; }; };`;
const { value: tree = expect.fail("the source is sound") } = parse(source);
const meanings = (blob: Uint8Array): readonly string[] => describeBlob(blob).map(({ meaning }) => meaning);

/** Whether the items follow each other without a gap, from the first byte to the last. */
function covers(items: readonly Item[], length: number): boolean {
  let end = 0;
  for (const item of items) {
    if (item.offset > end) return false;
    end = Math.max(end, item.offset + item.length);
  }
  return end === length;
}

describe("the structure of a blob", () => {
  it.each([1, 2, 3, 16, 17] as const)("names each stretch of version %i once", (version) => {
    const blob = encode(tree, { version });
    const items = describeBlob(blob);
    expect(covers(items, blob.length)).toBe(true);
    expect(items.reduce((sum, { length }) => sum + length, 0)).toBe(blob.length);
    const said = items.map(({ meaning }) => meaning);
    expect(said).toContain(`version ${version}`);
    expect(said).toContain("/memreserve/ 0x1000 0x20");
    expect(said).toContain('  FDT_PROP "model", 6 bytes');
    expect(said).toContain('      FDT_PROP "data", 3 bytes');
    expect(said).toContain('string "model"');
    expect(said).not.toContain("not read");
  });

  it("says what is no token, and shows the rest as it stands", () => {
    const blob = encode(tree);
    const view = new DataView(blob.buffer, blob.byteOffset);
    view.setUint32(view.getUint32(8) + 8, 7);
    expect(meanings(blob)).toContain("no token: 0x7");
    expect(meanings(blob)).toContain("not read");
    expect(meanings(new Uint8Array(9))).toEqual(["no device tree blob"]);
  });

  it("covers whatever bytes come in", () => {
    const word = fc.tuple(fc.nat(encode(tree).length >> 2), fc.oneof(fc.nat(300), fc.nat(0xffff_ffff)));
    const run = (words: readonly (readonly [number, number])[], cut: number): void => {
      const blob = encode(tree).slice(0, -1 - cut);
      const view = new DataView(blob.buffer);
      for (const [at, value] of words) if (at > 0 && at * 4 + 4 <= blob.length) view.setUint32(at * 4, value);
      expect(covers(describeBlob(blob), blob.length)).toBe(true);
    };
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.nat(40), run), { numRuns: 500 });
  });
});

describe("what the page shows", () => {
  it("is the blob that encode gives, and its source again", () => {
    const { blob, reverse, problems } = compileSource(source);
    expect(blob).toEqual(encode(tree));
    expect(compileSource(reverse ?? "").blob).toEqual(blob);
    expect(problems.map(({ code }) => code)).toContain("reg_format");
  });

  it("is the blob's own bytes, malformed ones too, with the offset of what is wrong", () => {
    const cut = encode(tree).subarray(0, 60);
    expect(readBlob(cut)).toMatchObject({ blob: cut, problems: [{ code: "truncated", blobOffset: 4 }] });
  });

  it("is no more findings than can be read, however many there are", () => {
    const same = Array.from({ length: 30_000 }, (_, index) => `n${index}@1{};`).join("");
    const { problems, tree: read } = compileSource(`/dts-v1/; / { #address-cells = <1>; #size-cells = <0>; ${same} };`);
    expect(problems.length).toBe(2000);
    expect(read?.root.children.length).toBe(30_000);
    expect(compileSource("/dts-v1/; / { ".padEnd(20_000, "= ;")).problems.length).toBeLessThanOrEqual(2000);
  });

  it("is refused by its size", () => {
    expect(compileSource(" ".repeat(MAX_INPUT + 1)).problems[0]?.code).toBe("too-large");
    expect(readBlob(new Uint8Array(MAX_INPUT + 1)).problems[0]?.code).toBe("too-large");
    expect(readBlob(new Uint8Array(MAX_INPUT)).problems[0]?.code).toBe("bad-magic");
  });
});
