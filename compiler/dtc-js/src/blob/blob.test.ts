import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceTree, node, property, reservation } from "../build.ts";
import { print } from "../print/print.ts";
import { dtcCompile, dtcDecompile } from "../testing/dtc.ts";
import { anyTree, bare } from "../testing/trees.ts";
import type { DeviceTree } from "../tree.ts";
import { cells, path, raw, ref, strings } from "../value.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import type { BlobErrorCode } from "./error.ts";

function decoded(blob: Uint8Array): DeviceTree {
  const result = decode(blob);
  if (!result.ok) throw new Error(`${result.error.message} at ${result.error.offset}`);
  return result.tree;
}

const sample = deviceTree({
  properties: [property("compatible", strings("a", "b")), property("model", strings("m"))],
  children: [node("soc", { properties: [property("reg", cells(1, 2)), property("flag")] })],
  reservations: [reservation(0x1000, 0x2000)],
});

describe("encode and decode", () => {
  it("are inverse, order and empty values included", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const blob = encode(tree);
        expect(decoded(blob)).toEqual(bare(tree));
        expect(encode(decoded(blob))).toEqual(blob);
      }),
    );
  });

  it("write the bytes that dtc writes for the same source", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect(encode(tree)).toEqual(dtcCompile(print(tree)));
      }),
      { numRuns: 60 },
    );
  });

  it("print a blob as dtc does", () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const blob = encode(tree);
        expect(print(decoded(blob))).toBe(dtcDecompile(blob));
      }),
      { numRuns: 60 },
    );
  });

  it("keep duplicate names, non-ASCII names and a named root", () => {
    const odd = {
      ...deviceTree(),
      bootCpuid: 7,
      root: node("root", {
        properties: [property("é"), property("é", raw(Uint8Array.of(1)))],
        children: [node("x"), node("x")],
      }),
    };
    expect(decoded(encode(odd))).toEqual(odd);
  });

  it("share the tail of a longer name that came first", () => {
    const names = (blob: Uint8Array): string =>
      Buffer.from(blob.subarray(new DataView(blob.buffer).getUint32(12))).toString("latin1");
    const tree = deviceTree({ properties: [property("long-name"), property("name-2"), property("name")] });
    expect(names(encode(tree))).toBe("long-name\0name-2\0");
  });

  it("refuse to encode a reference that was not resolved", () => {
    const withValue = (value: DeviceTree["root"]["properties"][0]): DeviceTree => deviceTree({ properties: [value] });
    expect(() => encode(withValue(property("a", cells(ref("x")))))).toThrow("unresolved");
    expect(() => encode(withValue(property("a", path("x"))))).toThrow("unresolved");
  });

  it("refuse to encode a name that is no byte string", () => {
    expect(() => encode(deviceTree({ properties: [property("a\0b")] }))).toThrow(RangeError);
    expect(() => encode(deviceTree({ properties: [property("→")] }))).toThrow("U+2192");
  });
});

describe("decode", () => {
  const blob = encode(sample);
  const structureAt = 40 + 2 * 16;
  const structureSize = new DataView(blob.buffer).getUint32(36);

  const changed = (offset: number, value: number): Uint8Array => {
    const copy = blob.slice();
    new DataView(copy.buffer).setUint32(offset, value);
    return copy;
  };
  const refusal = (bytes: Uint8Array): [BlobErrorCode, number] | undefined => {
    const result = decode(bytes);
    return result.ok ? undefined : [result.error.code, result.error.offset];
  };

  it.each<[string, Uint8Array, BlobErrorCode, number]>([
    ["nothing at all", new Uint8Array(0), "truncated", 0],
    ["half a header", blob.subarray(0, 20), "truncated", 20],
    ["another magic", changed(0, 0xd00dfeee), "bad-magic", 0],
    ["less than the total size", blob.subarray(0, blob.length - 1), "truncated", 4],
    ["a total size below the header", changed(4, 39), "bad-header", 4],
    ["a version before 16", changed(20, 3), "unsupported-version", 20],
    ["a blob only for later readers", changed(24, 18), "unsupported-version", 24],
    ["a structure block outside", changed(8, blob.length), "out-of-bounds", 8],
    ["a structure block inside of the header", changed(8, 8), "out-of-bounds", 8],
    ["a structure block that ends outside", changed(36, 0xffff_fff0), "out-of-bounds", 8],
    ["a strings block outside", changed(12, 0xffff_ffff), "out-of-bounds", 12],
    ["a strings block that ends outside", changed(32, 0x1000), "out-of-bounds", 12],
    ["a misaligned structure block", changed(8, structureAt - 2), "misaligned", 8],
    ["a misaligned reservation block", changed(16, 44), "misaligned", 16],
    ["an unknown token", changed(structureAt, 7), "bad-token", structureAt],
    ["a second root", changed(structureAt + structureSize - 4, 1), "bad-structure", structureAt + structureSize - 4],
    ["a node that never began", changed(structureAt, 2), "bad-structure", structureAt],
    ["a property outside of nodes", changed(structureAt, 3), "bad-structure", structureAt],
    ["no root", changed(structureAt, 9), "bad-structure", structureAt],
    ["an end inside of a node", changed(structureAt + 8, 9), "bad-structure", structureAt + 8],
    [
      "a structure that just stops",
      changed(structureAt + structureSize - 4, 4),
      "out-of-bounds",
      structureAt + structureSize,
    ],
    ["a value longer than the blob", changed(structureAt + 12, 0xffff_fffc), "out-of-bounds", structureAt + 20],
    ["a name outside of the strings", changed(structureAt + 16, 0x1000), "out-of-bounds", structureAt + 16],
  ])("refuses %s", (_, bytes, code, offset) => {
    expect(refusal(bytes)).toEqual([code, offset]);
  });

  it("refuses a property name that never ends", () => {
    const copy = blob.slice();
    copy[copy.length - 1] = 0x61;
    expect(refusal(copy)?.[0]).toBe("bad-string");
  });

  it("refuses nodes that nest too deep", () => {
    let deep = node("n");
    for (let depth = 0; depth < 1024; depth++) deep = node("n", { children: [deep] });
    expect(refusal(encode({ ...deviceTree(), root: deep }))?.[0]).toBe("too-deep");
    expect(refusal(encode({ ...deviceTree(), root: deep.children[0] ?? deep }))).toBeUndefined();
  });

  it("passes over NOPs wherever a token may stand", () => {
    const words: number[] = [];
    const view = new DataView(blob.buffer);
    for (let at = structureAt; at < structureAt + structureSize; at += 4) words.push(view.getUint32(at));
    // /, its first property, and the end: three places where a token stands.
    words.splice(words.length - 1, 0, 4);
    words.splice(2, 0, 4, 4);
    words.unshift(4);
    const grown = new Uint8Array(blob.length + 16);
    grown.set(blob.subarray(0, structureAt));
    const out = new DataView(grown.buffer);
    words.forEach((word, index) => {
      out.setUint32(structureAt + index * 4, word);
    });
    grown.set(blob.subarray(structureAt + structureSize), structureAt + words.length * 4);
    out.setUint32(4, grown.length);
    out.setUint32(12, structureAt + words.length * 4);
    out.setUint32(36, words.length * 4);
    expect(decoded(grown)).toEqual(bare(sample));
  });

  it("reads version 16, whose header does not say how long the structure is", () => {
    const old = changed(20, 16);
    new DataView(old.buffer).setUint32(36, 0xdead_beef);
    expect(decoded(old)).toEqual(bare(sample));
  });

  it("reads a blob inside of a larger buffer and does not look at what follows", () => {
    const buffer = new Uint8Array(blob.length + 96).fill(0xff);
    buffer.set(blob, 32);
    expect(decoded(buffer.subarray(32))).toEqual(bare(sample));
  });

  it("keeps its tree when the caller reuses the buffer", () => {
    const copy = blob.slice();
    const tree = decoded(copy);
    copy.fill(0);
    expect(tree).toEqual(bare(sample));
  });

  it("never throws, whatever is changed in a good blob, and what it accepts encodes again", () => {
    const spot = fc.tuple(fc.nat({ max: blob.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(spot, { minLength: 1, maxLength: 6 }), fc.nat({ max: 16 }), (spots, cut) => {
        const copy = blob.slice(0, blob.length - (cut > 12 ? cut : 0));
        for (const [at, byte] of spots) if (at < copy.length) copy[at] = byte;
        const result = decode(copy);
        if (result.ok) expect(decoded(encode(result.tree))).toEqual(result.tree);
        else expect(result.error.offset).toBeLessThanOrEqual(Math.max(copy.length, blob.length));
      }),
      { numRuns: 3000 },
    );
  });
});
