import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { RsaPadding, VerifyingKey } from "../../ir/signer.ts";
import type { TestKey } from "../../testing/keys.ts";
import { testKey } from "../../testing/keys.ts";
import { schemaProblems } from "../../testing/evidence.ts";
import { outputs } from "../../testing/outputs.ts";
import { files, twoDomains } from "../../testing/system.ts";
import type { FoundFile } from "./files.ts";
import { wrongOutputs } from "./files.ts";
import { readManifest } from "./read.ts";
import { signatureOf } from "./signature.ts";

const rsa = testKey("board");

async function signed(signer: TestKey, padding?: RsaPadding) {
  const made = await outputs(twoDomains, files, { formats: ["raw"], signer, ...(padding && { padding }) });
  return { manifest: made.get("manifest.json") ?? Buffer.of(), signature: made.get("manifest.sig") ?? Buffer.of() };
}

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

const { manifest, signature } = await signed(rsa);
const ec = testKey("curve", "p256");
const curved = await signed(ec);

describe("a manifest's signature", () => {
  it.each([
    ["RSA-2048, PKCS #1 v1.5", rsa, undefined],
    ["RSA-2048, PSS", rsa, "pss"],
    ["ECDSA P-384", testKey("p384", "p384"), undefined],
  ] as const)("is %s by its key, and by no other of its kind", async (form, key, padding) => {
    const made = await signed(key, padding);
    expect(signatureOf(made.manifest, made.signature, key)).toBe(form);
    const other = testKey("other", key.key.kind === "ec" ? "p384" : 2048);
    for (const stranger of [other, key === rsa ? ec : rsa])
      expect(signatureOf(made.manifest, made.signature, stranger)).toBeUndefined();
  });

  it("is refused cut short, longer, empty, and over another manifest", () => {
    const wrong: readonly [Uint8Array, VerifyingKey][] = [
      [signature.subarray(1), rsa],
      [Buffer.concat([signature, Buffer.of(0)]), rsa],
      [Buffer.of(), rsa],
      [Buffer.of(), ec],
      [curved.signature.subarray(0, -1), ec],
      [Buffer.concat([curved.signature, Buffer.of(0)]), ec],
    ];
    for (const [bytes, key] of wrong)
      expect(signatureOf(key === ec ? curved.manifest : manifest, bytes, key)).toBeUndefined();
    expect(signatureOf(curved.manifest, signature, rsa)).toBeUndefined();
  });

  it("is refused where DER writes a number in another way", () => {
    const [r = 0] = curved.signature.subarray(3);
    const number = curved.signature.subarray(4, 4 + r);
    // One zero more before the first number; both lengths are told.
    const padded = [0x30, (curved.signature[1] ?? 0) + 1, 2, r + 1, 0, ...number, ...curved.signature.subarray(4 + r)];
    expect(signatureOf(curved.manifest, Uint8Array.from(padded), ec)).toBeUndefined();
  });

  const bits = (bytes: Uint8Array): number => bytes.length * 8 - 1;
  test.prop([fc.nat({ max: bits(manifest) })], { numRuns: 500 })(
    "does not hold with a bit of the manifest flipped",
    (bit) => {
      expect(signatureOf(flipped(manifest, bit), signature, rsa)).toBeUndefined();
    },
  );

  test.prop([fc.nat({ max: bits(signature) })], { numRuns: 250 })(
    "does not hold with a bit of its own flipped",
    (bit) => {
      expect(signatureOf(manifest, flipped(signature, bit), rsa)).toBeUndefined();
    },
  );

  it("does not hold with any bit of an ECDSA signature flipped", () => {
    for (let bit = 0; bit <= bits(curved.signature); bit += 1)
      expect([bit, signatureOf(curved.manifest, flipped(curved.signature, bit), ec)]).toEqual([bit, undefined]);
  });
});

interface Json {
  [name: string]: unknown;
}
const json = JSON.parse(manifest.toString()) as Json & { outputs: (Json & { path: string })[] };
const encoded = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const brokenBy = (bytes: Uint8Array): string => {
  const read = readManifest(bytes);
  return read.kind === "broken" ? read.reason : "sound";
};

describe("what a manifest says", () => {
  it("XI6062: is refused in another form", () => {
    const [first = { path: "" }, ...rest] = json.outputs;
    const output = (change: object): unknown => ({ ...json, outputs: [{ ...first, ...change }, ...rest] });
    const table: readonly [unknown, string][] = [
      [json, "sound"],
      [{ ...json, format: 2 }, "it is not of format 1, the one that this version reads"],
      [[], "it is not of format 1, the one that this version reads"],
      [null, "it is not of format 1, the one that this version reads"],
      [{ ...json, outputs: {} }, "its outputs are no list of files"],
      [{ ...json, outputs: [first, first] }, "it lists a file twice"],
      [output({ size: "1" }), "its outputs are no list of files"],
      [output({ size: -1 }), "its outputs are no list of files"],
      [output({ sha256: "ab" }), "its outputs are no list of files"],
      [{ ...json, rollbackIndex: -1 }, "its rollback index is none"],
      [{ ...json, rollbackIndex: undefined }, "its rollback index is none"],
      [{ ...json, signer: { name: "x" } }, "its signer is none"],
    ];
    for (const [value, reason] of table) expect([value, brokenBy(encoded(value))]).toEqual([value, reason]);
    expect(brokenBy(Buffer.of(0x7b, 0xff))).toBe("it is no JSON");
  });

  it("names no file outside of its folder, and its schema has the same rule", () => {
    const withPath = (path: string): unknown => ({ ...json, outputs: [{ ...json.outputs[0], path }] });
    for (const path of ["", ".", "..", "../x", "/etc/x", "a/../../x", "a//x", "a/", "a/.", "a\\x", "a\nx"])
      expect([path, brokenBy(encoded(withPath(path))), schemaProblems("manifest.json", withPath(path)).length]).toEqual(
        [path, "its outputs are no list of files", 1],
      );
    for (const path of ["x", ".x", "..x", "a/b.c", "a/.b"])
      expect([path, brokenBy(encoded(withPath(path))), schemaProblems("manifest.json", withPath(path))]).toEqual([
        path,
        "sound",
        [],
      ]);
  });

  test.prop([fc.nat({ max: bitsOf(manifest) }), fc.nat({ max: bitsOf(manifest) })], { numRuns: 500 })(
    "is read or refused with bits flipped, and never throws",
    (one, two) => {
      expect(["manifest", "broken"]).toContain(readManifest(flipped(flipped(manifest, one), two)).kind);
    },
  );
});

function bitsOf(bytes: Uint8Array): number {
  return bytes.length * 8 - 1;
}

describe("the files beside a manifest", () => {
  const read = readManifest(manifest);
  const listed = read.kind === "manifest" ? read.manifest : { outputs: [], rollbackIndex: 0 };
  const good = new Map<string, FoundFile>(listed.outputs.map((file) => [file.path, file]));
  const told = (change: (found: Map<string, FoundFile>) => void): readonly string[] => {
    const found = new Map(good);
    change(found);
    return wrongOutputs(listed, found).map(({ code, message }: Diagnostic) => `${code}: ${message}`);
  };
  const image = good.get("image.bin");
  const of = (change: object): FoundFile => ({ size: 0, sha256: "", ...image, ...change });

  it("are those that it lists", () => {
    expect(good.size).toBeGreaterThan(5);
    expect(told(() => undefined)).toEqual([]);
  });

  it.each<[string, (found: Map<string, FoundFile>) => unknown, string]>([
    [
      "XI6063: is missing",
      (found) => found.delete("image.bin"),
      '"image.bin" is in the manifest, and cannot be read: it is missing',
    ],
    [
      "XI6063: cannot be read",
      (found) => found.set("image.bin", { unreadable: "why" }),
      '"image.bin" is in the manifest, and cannot be read: why',
    ],
    [
      "XI6064: is longer",
      (found) => found.set("image.bin", of({ size: 1 })),
      '"image.bin" is not the manifest\'s: it has 1 bytes',
    ],
    [
      "XI6064: has other bytes",
      (found) => found.set("image.bin", of({ sha256: "0" })),
      '"image.bin" is not the manifest\'s: its bytes are others',
    ],
    [
      "XI6065: is not listed",
      (found) => found.set("other", of({})),
      'beside the manifest lies what it does not list: "other"',
    ],
  ])("%s", (code, change, message) => {
    expect(told((found) => void change(found))).toEqual([expect.stringContaining(`${code.slice(0, 6)}: ${message}`)]);
  });

  it("XI6065: are counted where there are many others", () => {
    const [only] = told((found) => {
      for (let at = 0; at < 1000; at += 1) found.set(`stray-${at}`, of({}));
    });
    expect(only).toMatch(/: "stray-0", "stray-1", "stray-10", "stray-100", "stray-101", 995 more$/);
  });
});
