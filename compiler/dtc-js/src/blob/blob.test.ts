import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceTree, node, property, reservation } from "../build.ts";
import { print } from "../print/print.ts";
import { dtcCompile, dtcDecompile } from "../testing/dtc.ts";
import { anyTree, bare } from "../testing/trees.ts";
import type { DeviceTree, Node } from "../tree.ts";
import { cells, path, raw, ref, strings } from "../value.ts";
import { decode } from "./decode.ts";
import { encode, encodePieces } from "./encode.ts";
import type { BlobErrorCode } from "./error.ts";

function decoded(blob: Uint8Array): DeviceTree {
  const result = decode(blob);
  if (!result.ok) throw new Error(`${result.diagnostics[0].message} at ${result.diagnostics[0].offset}`);
  return result.value;
}

/** A blob of version 17 without reservations: the words of its structure block, which begins at 56, and its strings. */
function blobOf(structure: readonly number[], names: string): Uint8Array {
  const size = structure.length * 4;
  const total = 56 + size + names.length;
  const out = Buffer.alloc(total);
  const header = [0xd00dfeed, total, 56, 56 + size, 40, 17, 16, 0, names.length, size, 0, 0, 0, 0];
  for (const [index, word] of [...header, ...structure].entries()) out.writeUInt32BE(word, index * 4);
  out.write(names, 56 + size, "latin1");
  return out;
}

/** A node's name as the words of a structure block. */
function padded(name: string): number[] {
  const bytes = Buffer.alloc(Math.ceil((name.length + 1) / 4) * 4);
  bytes.write(name, "latin1");
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32BE(index * 4));
}

/** Bytes of all names and values. */
const sizeOf = ({ name, properties, children }: Node): number =>
  properties.reduce((sum, each) => sum + each.name.length + each.value.bytes.length, name.length) +
  children.reduce((sum, child) => sum + sizeOf(child), 0);

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

  it("share the tails of names however long they are, as dtc does", () => {
    const long = "abc".repeat(100);
    const names = [`x${long}`, long, long.slice(20), long.slice(200), `y${long}`, `z${long.slice(1)}`, `x${long}`];
    const children = names.map((name, index) => node(`n${index}`, { properties: [property(name)] }));
    const blob = encode(deviceTree({ children }));
    const strings = [`x${long}`, `y${long}`, `z${long.slice(1)}`].map((name) => name.length + 1);
    const size = new DataView(blob.buffer).getUint32(32);
    expect(size).toBe(strings.reduce((sum, each) => sum + each));
    expect(decoded(blob).root.children.map(({ properties: [first] }) => first?.name)).toEqual(names);
  });

  it("refuse to encode paths of more than 128 Mi bytes for a version before 16", () => {
    const child = node("n".repeat(2 ** 20), { children: Array.from({ length: 127 }, (_, index) => node(`c${index}`)) });
    const tree = deviceTree({ children: [child] });
    expect(() => encode(tree, { version: 3 })).toThrow(RangeError);
    expect(encode(tree).length).toBeLessThan(1_100_000);
  });

  it("take names of 400,000 bytes, whose tails together would have the square of that", () => {
    const tree = deviceTree({ properties: [property("p".repeat(400_000))], children: [node("n".repeat(400_000))] });
    for (const version of [3, 17] as const) {
      const blob = encode(tree, { version });
      expect(blob.length).toBeLessThan(1_300_000);
      expect(decoded(blob).root).toMatchObject({ properties: tree.root.properties, children: tree.root.children });
    }
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
    return result.ok ? undefined : [result.diagnostics[0].code, result.diagnostics[0].offset];
  };

  it.each<[string, Uint8Array, BlobErrorCode, number]>([
    ["nothing at all", new Uint8Array(0), "truncated", 0],
    ["half a header", blob.subarray(0, 20), "truncated", 20],
    ["another magic", changed(0, 0xd00dfeee), "bad-magic", 0],
    ["less than the total size", blob.subarray(0, blob.length - 1), "truncated", 4],
    ["a total size below the header", changed(4, 39), "bad-header", 4],
    ["a version between 3 and 16", changed(20, 4), "unsupported-version", 20],
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

  it("takes names of any length, more than the specification's 31", () => {
    const named = (property_: string, node_: string): Uint8Array => {
      const structure = [1, 0, 3, 0, 0, 1, ...padded(node_), 2, 2, 9];
      return blobOf(structure, `${property_}\0`);
    };
    const long = "n".repeat(5000);
    expect(decoded(named(long, long)).root).toMatchObject({ properties: [{ name: long }], children: [{ name: long }] });
  });

  it("refuses 50,000 names that are tails of one string, before it has built them", () => {
    const count = 50_000;
    const tails = Array.from({ length: count }, (_, index) => [3, 0, index]).flat();
    const before = process.memoryUsage().heapUsed;
    expect(refusal(blobOf([1, 0, ...tails, 2, 9], `${"a".repeat(count)}\0`))?.[0]).toBe("overlapping-names");
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 2 ** 20);
  });

  it("reads a name of 1 MiB for 17 properties, and refuses the 18th", () => {
    const uses = (count: number): Uint8Array =>
      blobOf([1, 0, ...Array.from({ length: count }, () => [3, 0, 0]).flat(), 2, 9], `${"a".repeat(2 ** 20)}\0`);
    expect(decoded(uses(17)).root.properties.length).toBe(17);
    expect(refusal(uses(18))).toEqual(["overlapping-names", 56 + 8 + 17 * 12 + 8]);
  });

  it("reads any number of properties whose names overlap and have at most 255 bytes", () => {
    const count = 100_000;
    const words = Array.from({ length: count }, (_, index) => [3, 0, index % 255]).flat();
    expect(decoded(blobOf([1, 0, ...words, 2, 9], `${"a".repeat(255)}\0`)).root.properties.length).toBe(count);
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

  it("hands on large values as they are, and the same bytes", () => {
    const large = new Uint8Array(0x1_0001).fill(7);
    const tree = deviceTree({
      properties: [property("a", raw(large)), property("b", cells(1)), property("c", raw(large))],
      children: [node("child", { properties: [property("small", raw(Uint8Array.of(1)))] })],
    });
    const pieces = encodePieces(tree);
    expect(pieces.filter((piece) => piece === large).length).toBe(2);
    expect(Buffer.concat(pieces).equals(encode(tree))).toBe(true);
    expect(decoded(encode(tree))).toEqual(bare(tree));
  });

  it("keeps its tree when the caller reuses the buffer", () => {
    for (const copy of [blob.slice(), Buffer.from(blob)]) {
      const tree = decoded(copy);
      copy.fill(0);
      expect(tree).toEqual(bare(sample));
    }
  });

  it("never throws, whatever is changed in a good blob, and what it accepts encodes again", () => {
    const spot = fc.tuple(fc.nat({ max: blob.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(spot, { minLength: 1, maxLength: 6 }), fc.nat({ max: 16 }), (spots, cut) => {
        const copy = blob.slice(0, blob.length - (cut > 12 ? cut : 0));
        for (const [at, byte] of spots) if (at < copy.length) copy[at] = byte;
        const result = decode(copy);
        if (result.ok) {
          expect(decoded(encode(result.value))).toEqual(result.value);
          // 255 bytes of name for 12 of the blob are the worst.
          expect(sizeOf(result.value.root)).toBeLessThanOrEqual(22 * copy.length);
        } else expect(result.diagnostics[0].offset).toBeLessThanOrEqual(Math.max(copy.length, blob.length));
      }),
      { numRuns: 3000 },
    );
  });
});
