import { describe, expect, it } from "vitest";
import { diagnose } from "../diagnostics/catalogue.ts";
import { certificate } from "../testing/certificates.ts";
import { joined, signed, signedEfi, unsignedEfi } from "../testing/signed-pe.ts";
import { realDigest, testKey } from "../testing/keys.ts";
import { sbsign, sbverify, sbverifyList } from "../testing/sbsign.ts";
import { signPe } from "./authenticode.ts";

const root = await certificate({ name: "root", constraints: { cA: true } });
const middle = await certificate({ name: "middle", issuer: root, constraints: { cA: true } });
const leaf = await certificate({ name: "leaf", issuer: middle });
const alone = await certificate({ name: "alone" });

/** CheckSum and the entry of the certificates, at their offsets in our files. */
const numbersOf = (bytes: Uint8Array): { readonly checkSum: number; readonly table: number; readonly size: number } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { checkSum: view.getUint32(152, true), table: view.getUint32(232, true), size: view.getUint32(236, true) };
};

describe("a signed PE", () => {
  it("is taken by sbverify for its certificate's, and for no other's", async () => {
    const bytes = await signedEfi(alone);
    expect(sbverify(bytes, alone.der)).toMatchObject({ ok: true });
    expect(sbverify(bytes, leaf.der)).toMatchObject({ ok: false });
    const altered = bytes.slice();
    altered[0x1234] = (altered[0x1234] ?? 0) ^ 1;
    expect(sbverify(altered, alone.der)).toMatchObject({ ok: false });
  });

  it("is taken by sbverify for a root's, where the issuers between are in it", async () => {
    const bytes = await signedEfi(leaf, middle);
    expect(sbverify(bytes, root.der)).toMatchObject({ ok: true });
    expect(sbverify(await signedEfi(leaf), root.der)).toMatchObject({ ok: false });
    expect(sbverifyList(bytes)).toContain("subject: /CN=leaf");
  });

  it.each([3072, 4096] as const)("is taken by sbverify with RSA-%i", async (bits) => {
    const long = await certificate({ name: "long", key: testKey("long", bits) });
    expect(sbverify(await signedEfi(long), long.der)).toMatchObject({ ok: true });
  });

  it("has the CheckSum and the place of certificates that sbsign gives it", async () => {
    const ours = await signedEfi(alone);
    const theirs = sbsign(joined(unsignedEfi()), alone);
    expect(numbersOf(ours).table).toBe(numbersOf(theirs).table);
    expect(numbersOf(ours).size).toBe(ours.length - numbersOf(ours).table);
    for (const bytes of [ours, theirs]) expect(numbersOf(bytes).checkSum).toBe(slowCheckSum(bytes));
  });

  it("is none where the signer did not sign, who says why", async () => {
    const refusing = {
      ...alone.key,
      sign: () => Promise.resolve({ diagnostics: [diagnose("XI6012", { file: "k" })] }),
    };
    const outcome = await signPe(unsignedEfi(), realDigest, { signer: refusing, certificates: [alone.der] });
    expect(outcome).toEqual({ diagnostics: [expect.objectContaining({ code: "XI6012" })] });
  });

  it("has the same bytes each time, and keeps its input as it was", async () => {
    const pieces = unsignedEfi();
    const before = joined(pieces);
    const first = await signed(pieces, alone);
    expect(Buffer.from(await signed(pieces, alone)).equals(first)).toBe(true);
    expect(Buffer.from(joined(pieces)).equals(before)).toBe(true);
  });

  it("is padded with zeros that are hashed, where its length is no multiple of eight", async () => {
    const odd = [...unsignedEfi(), Uint8Array.of(1, 2, 3)];
    const bytes = await signed(odd, alone);
    expect(numbersOf(bytes).table % 8).toBe(0);
    expect(sbverify(bytes, alone.der)).toMatchObject({ ok: true });
  });
});

/** By the word, without the field itself. */
function slowCheckSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    if (at === 152 || at === 154) continue;
    sum += (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum + bytes.length;
}
