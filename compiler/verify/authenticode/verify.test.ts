import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPe } from "../../codecs/pe/read.ts";
import { readCertificate } from "../../codecs/x509/certificate.ts";
import type { Anchor } from "../../codecs/x509/chain.ts";
import { certificate, rsaVerify } from "../../testing/certificates.ts";
import type { TestCertificate } from "../../testing/certificates.ts";
import { joined, signedEfi, unsignedEfi } from "../../testing/signed-pe.ts";
import { realDigest } from "../../testing/keys.ts";
import { sbsign } from "../../testing/sbsign.ts";
import { describePeTrust, describeSignature } from "./describe.ts";
import { readPeSignature } from "./read.ts";
import { verifyPe } from "./verify.ts";

const root = await certificate({ name: "root", constraints: { cA: true } });
const leaf = await certificate({ name: "leaf", issuer: root });
const alone = await certificate({ name: "alone" });
const good = await signedEfi(alone);
const chained = await signedEfi(leaf, root);
const unsigned = joined(unsignedEfi());

const inTime = Date.UTC(2026, 0, 1);
const ofKey = ({ rsa }: TestCertificate): Anchor => ({ key: rsa });
function ofCertificate(trusted: TestCertificate): Anchor {
  const found = readCertificate(trusted.der);
  if (found === undefined) throw new Error("no certificate");
  return { ...ofKey(trusted), certificate: found };
}

/** What `verify` refuses a file for; empty for a good one. */
function refusals(bytes: Uint8Array, anchor: Anchor = ofKey(alone), now = inTime): readonly string[] {
  const read = readPe(bytes);
  if (read.kind !== "pe") return [read.kind === "broken" ? `XI6102: ${read.reason}` : "XI6101"];
  const signature = readPeSignature(bytes, read.pe);
  const { diagnostics } = verifyPe(bytes, read.pe, signature, realDigest, { anchor, verify: rsaVerify, now });
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

const has = (text: string): unknown => [expect.stringContaining(text)];

/** Offsets in our files: the entry of the certificates, and where they are. */
const entry = 232;
const tableOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(entry, true);

const withByte = (bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = change(copy[at] ?? 0);
  return copy;
};

/** The file with its certificate table replaced, and the entry that tells of it. */
function withTable(table: Uint8Array): Uint8Array {
  const start = tableOf(good);
  const bytes = joined([good.subarray(0, start), table]);
  new DataView(bytes.buffer).setUint32(entry + 4, table.length, true);
  return bytes;
}

describe("a PE that was signed", () => {
  it("is proven by its key and by its certificate", () => {
    for (const anchor of [ofKey(alone), ofCertificate(alone)]) expect(refusals(good, anchor)).toEqual([]);
  });

  it("is proven by the certificate or key of whoever issued its certificate", async () => {
    for (const anchor of [ofKey(root), ofCertificate(root), ofKey(leaf)]) expect(refusals(chained, anchor)).toEqual([]);
    expect(refusals(await signedEfi(leaf), ofCertificate(root))).toEqual([]);
  });

  it("is proven where sbsign signed it, which says when", () => {
    expect(refusals(sbsign(unsigned, alone))).toEqual([]);
  });

  it("says whose it is", () => {
    const read = readPe(chained);
    if (read.kind !== "pe") throw new Error(read.kind);
    const signature = readPeSignature(chained, read.pe);
    expect(describeSignature(signature)).toBe(
      [
        "  signed: sha256, by CN=leaf",
        "    certificate CN=leaf, issued by CN=root, 2020-01-01 to 2029-12-31",
        "    certificate CN=root, issued by CN=root, 2020-01-01 to 2029-12-31",
        "",
      ].join("\n"),
    );
    const { chain } = verifyPe(chained, read.pe, signature, realDigest, {
      anchor: ofKey(root),
      verify: rsaVerify,
      now: inTime,
    });
    expect(describePeTrust(read.pe, chain)).toContain("signed by CN=leaf: 4 sections");
    expect(describePeTrust(read.pe, chain)).toContain("issued by CN=root");
  });
});

describe("a PE is refused", () => {
  it("XI6241: without a signature", () => {
    expect(refusals(unsigned)).toEqual(has("XI6241"));
  });

  it("XI6242: with several signatures, of which firmware takes any", () => {
    expect(refusals(sbsign(good, leaf))).toEqual(has("XI6242: its signature is not in the form"));
    expect(refusals(sbsign(good, leaf))[0]).toContain("it has 2 signatures");
  });

  it("XI6242: with a table of something else", () => {
    const table = good.slice(tableOf(good));
    const x509 = withTable(withByte(table, 6, () => 1));
    expect(refusals(x509)[0]).toContain("something else than PKCS #7 signatures");
    expect(refusals(withTable(withByte(table, 1, () => 255)))[0]).toContain("cut short");
    expect(refusals(withTable(new Uint8Array(8)))[0]).toContain("cut short");
    expect(refusals(withTable(new Uint8Array(2 ** 17)))[0]).toContain("longer than any signature");
    expect(refusals(withTable(joined([table.subarray(0, 8), new Uint8Array(1000)])))[0]).toMatch(/^XI6242/);
  });

  it("XI6242: with bytes behind the signature in its entry", () => {
    const table = good.slice(tableOf(good));
    const longer = joined([table, new Uint8Array(8).fill(1)]);
    new DataView(longer.buffer).setUint32(0, longer.length, true);
    expect(refusals(withTable(longer))[0]).toContain("something else than one signature");
  });

  it("XI6243: with another section, header or entry point", () => {
    for (const at of [0x1000, 0x3001, 0x5123, 330, 700])
      expect(refusals(withByte(good, at, (byte) => byte ^ 4)), String(at)).toContainEqual(
        expect.stringContaining("XI6243"),
      );
    const moved = withByte(good, 104, (byte) => byte + 4);
    expect(refusals(moved)).toContainEqual(expect.stringContaining("XI6243"));
  });

  it("XI6243: with another's signature, which holds", async () => {
    const other = withByte(unsigned, 0x5000, (byte) => byte ^ 1);
    const theirs = sbsign(other, alone);
    const mixed = joined([good.subarray(0, tableOf(good)), theirs.subarray(tableOf(theirs))]);
    new DataView(mixed.buffer).setUint32(entry + 4, theirs.length - tableOf(theirs), true);
    expect(refusals(mixed)).toContainEqual(expect.stringContaining("XI6243"));
    expect(await Promise.resolve(refusals(theirs))).toEqual([]);
  });

  it("XI6244: with a signature that is another's", async () => {
    const liar = await certificate({ name: "alone" });
    const theirs = await signedEfi({ ...alone, key: liar.key });
    expect(refusals(theirs)).toEqual(has("XI6244: its signature does not hold: it is not its certificate's key's"));
  });

  it("XI6245: by another key, certificate, or authority", () => {
    expect(refusals(good, ofKey(leaf))).toEqual(has("XI6245"));
    expect(refusals(good, ofCertificate(leaf))).toEqual(has("XI6245"));
    expect(refusals(chained, ofKey(alone))).toEqual(has("XI6245"));
  });

  it("XI6232: with a certificate that is no longer valid, or not yet, on the way", async () => {
    const old = await certificate({ name: "old", constraints: { cA: true }, to: "2025-12-31T00:00:00Z" });
    const below = await certificate({ name: "below", issuer: old });
    const bytes = await signedEfi(below);
    expect(refusals(bytes, ofCertificate(old), Date.UTC(2025, 0, 1))).toEqual([]);
    expect(refusals(bytes, ofCertificate(old))).toEqual(
      has('"CN=old" is valid from 2020-01-01T00:00:00Z to 2025-12-31T00:00:00Z, and it is 2026-01-01T00:00:00Z'),
    );
    expect(refusals(good, ofKey(alone), Date.UTC(2019, 0, 1))).toEqual(has("XI6232"));
  });

  it("XI6107: with bytes between its sections, which no digest covers, or behind them", () => {
    const headers = unsigned.slice(0, 4096);
    // The last section 4 KiB further on.
    new DataView(headers.buffer).setUint32(328 + 3 * 40 + 20, 0x6000, true);
    const gap = joined([headers, unsigned.subarray(4096, 0x5000), new Uint8Array(4096), unsigned.subarray(0x5000)]);
    expect(refusals(sbsign(gap, alone))).toContainEqual(expect.stringContaining("XI6107: the byte at 0x5000"));
    const tail = joined([unsigned, new Uint8Array(64)]);
    expect(refusals(sbsign(tail, alone))).toContainEqual(expect.stringContaining("XI6107: the byte at 0x6000"));
  });

  it("XI6107: with another CheckSum", () => {
    expect(refusals(withByte(good, 152, (byte) => byte ^ 1))).toEqual(has("XI6107: the byte at 0x98"));
  });

  it("XI6102: with bytes behind its certificates", () => {
    expect(refusals(joined([good, new Uint8Array(8)]))).toEqual(has("not at the end of the file"));
  });
});

describe("any single bit", () => {
  const flip = (bytes: Uint8Array, bit: number): Uint8Array =>
    withByte(bytes, bit >> 3, (byte) => byte ^ (1 << (bit & 7)));

  it("that is flipped is seen, all over the certificates and in what the digest leaves out", () => {
    const table = tableOf(chained);
    const places = [...chained.keys()].filter((at) => (at >= 152 && at < 156) || (at >= entry && at < entry + 8));
    for (let at = table; at < chained.length; at += 3) places.push(at);
    expect(places.length).toBeGreaterThan(600);
    expect(places.filter((at) => refusals(flip(chained, at * 8 + (at % 8)), ofKey(root)).length === 0)).toEqual([]);
  });

  test.prop([fc.nat({ max: good.length * 8 - 1 })], { numRuns: 1000 })("that is flipped is seen", (bit) => {
    expect(refusals(flip(good, bit))).not.toEqual([]);
  });
});

describe("the reader", () => {
  const table = tableOf(chained);
  test.prop(
    [
      fc.array(
        fc.tuple(
          fc.oneof(fc.nat({ max: 500 }), fc.integer({ min: table, max: chained.length - 1 })),
          fc.nat({ max: 255 }),
        ),
        { minLength: 1, maxLength: 8 },
      ),
      fc.option(fc.nat({ max: chained.length }), { nil: undefined }),
    ],
    { numRuns: 1000 },
  )("never throws, whatever the bytes are, and shows no control characters", (changes, length) => {
    const bytes = chained.slice(0, length);
    for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
    const read = readPe(bytes);
    const text = read.kind === "pe" ? describeSignature(readPeSignature(bytes, read.pe)) : "";
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    for (const message of refusals(bytes, ofKey(root))) expect(message).not.toMatch(/\p{Cc}/u);
  });

  it("takes no structure that is nested without end", () => {
    const deep = new Uint8Array(60_000).map((_, at) => (at % 2 === 0 ? 0x30 : 0x80));
    const entryOf = joined([Uint8Array.of(0x68, 0xea, 0, 0, 0, 2, 2, 0), deep]);
    expect(refusals(withTable(entryOf))).toEqual(has("XI6242"));
  });
});
