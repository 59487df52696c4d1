import { KeyUsage, KeyUsageFlags, ExtendedKeyUsage } from "@peculiar/asn1-x509";
import { OctetString } from "@peculiar/asn1-schema";
import { describe, expect, it } from "vitest";
import { certificate, extension, rsaVerify } from "../../testing/certificates.ts";
import type { TestCertificate } from "../../testing/certificates.ts";
import { testKey } from "../../testing/keys.ts";
import type { Certificate } from "./certificate.ts";
import { readCertificate } from "./certificate.ts";
import { outdated, readChain } from "./chain.ts";
import type { Anchor } from "./chain.ts";

const issuer = { cA: true };
const root = await certificate({ name: "root", constraints: issuer });
const middle = await certificate({ name: "middle", issuer: root, constraints: issuer });
const leaf = await certificate({ name: "leaf", issuer: middle });
const alone = await certificate({ name: "alone" });

function read({ der }: TestCertificate): Certificate {
  const found = readCertificate(der);
  if (found === undefined) throw new Error("no certificate");
  return found;
}
const ofKey = ({ rsa }: TestCertificate): Anchor => ({ key: rsa });
const ofCertificate = (trusted: TestCertificate): Anchor => ({ ...ofKey(trusted), certificate: read(trusted) });

/** Names on the way to what is trusted, or why there is none. */
function way(chain: readonly [TestCertificate, ...TestCertificate[]], anchor: Anchor): readonly string[] | string {
  const [signer, ...others] = chain;
  const found = readChain(read(signer), others.map(read), anchor, rsaVerify);
  return found.kind === "refused" ? found.reason : found.certificates.map(({ subjectText }) => subjectText);
}

describe("a chain of certificates", () => {
  it("leads to a certificate that is trusted, in the file or not", () => {
    const all = ["CN=leaf", "CN=middle", "CN=root"];
    expect(way([leaf, middle], ofCertificate(root))).toEqual(all);
    expect(way([leaf, middle, root], ofCertificate(root))).toEqual(all);
    expect(way([leaf, root, middle], ofCertificate(root))).toEqual(all);
    expect(way([leaf], ofCertificate(middle))).toEqual(["CN=leaf", "CN=middle"]);
    expect(way([leaf], ofCertificate(leaf))).toEqual(["CN=leaf"]);
    expect(way([alone], ofCertificate(alone))).toEqual(["CN=alone"]);
  });

  it("leads to a key that is trusted, and proves the certificates on the way", () => {
    expect(way([alone], ofKey(alone))).toEqual(["CN=alone"]);
    expect(way([leaf, middle], ofKey(root))).toEqual(["CN=leaf", "CN=middle"]);
    expect(way([leaf, middle, root], ofKey(root))).toEqual(["CN=leaf", "CN=middle", "CN=root"]);
    expect(way([leaf, middle, root], ofKey(leaf))).toEqual(["CN=leaf", "CN=middle", "CN=root"]);
  });

  it("is refused where it leads to something else, or nowhere", () => {
    const stranger = "none of its certificates is of the given key";
    expect(way([alone], ofKey(leaf))).toBe(stranger);
    expect(way([leaf, middle, root], ofCertificate(alone))).toBe(stranger);
    expect(way([leaf], ofCertificate(root))).toBe('nothing proves "CN=leaf", which "CN=middle" is said to have issued');
    expect(way([leaf], ofKey(leaf))).toBe('nothing proves "CN=leaf", which "CN=middle" is said to have issued');
    expect(way([leaf, middle, alone], ofCertificate(root))).toBe('"CN=alone" is in it, and nothing proves it');
    expect(way([leaf, middle, middle], ofCertificate(root))).toBe('"CN=middle" is in it, and nothing proves it');
  });

  it("is refused where a certificate bears the issuer's name and another's signature", async () => {
    const liar = await certificate({ name: "middle", constraints: issuer });
    const false_ = await certificate({ name: "leaf", issuer: liar });
    expect(way([false_, middle], ofCertificate(root))).toContain('nothing proves "CN=leaf"');
  });

  it("is refused where an issuer is no authority, or of fewer than there are", async () => {
    const common = await certificate({ name: "common", issuer: root });
    const below = await certificate({ name: "below", issuer: common });
    expect(way([below, common], ofCertificate(root))).toBe('"CN=common" is no authority, and issued another');
    const short = await certificate({ name: "short", constraints: { cA: true, pathLenConstraint: 0 } });
    const second = await certificate({ name: "second", issuer: short, constraints: issuer });
    const third = await certificate({ name: "third", issuer: second });
    expect(way([second], ofCertificate(short))).toEqual(["CN=second", "CN=short"]);
    expect(way([third, second], ofCertificate(short))).toBe('"CN=short" issued more authorities than it may');
    const signs = extension("2.5.29.15", new KeyUsage(KeyUsageFlags.digitalSignature));
    const unable = await certificate({ name: "unable", constraints: issuer, extensions: [signs] });
    const issued = await certificate({ name: "issued", issuer: unable });
    expect(way([issued], ofCertificate(unable))).toBe('"CN=unable" is no authority, and issued another');
  });

  it("is refused where the signer's certificate is for something else", async () => {
    const usage = extension("2.5.29.15", new KeyUsage(KeyUsageFlags.keyCertSign));
    const issuing = await certificate({ name: "issuing", extensions: [usage] });
    expect(way([issuing], ofKey(issuing))).toContain("its key usage has no digital signatures");
    const purpose = (oid: string) => extension("2.5.29.37", new ExtendedKeyUsage([oid]));
    const server = await certificate({ name: "server", extensions: [purpose("1.3.6.1.5.5.7.3.1")] });
    expect(way([server], ofKey(server))).toContain("its extended key usage has no code signing");
    const code = await certificate({ name: "code", extensions: [purpose("1.3.6.1.5.5.7.3.3")] });
    expect(way([code], ofKey(code))).toEqual(["CN=code"]);
  });

  it("is refused where something in it must be understood, and is not", async () => {
    const odd = extension("1.2.3.4", new OctetString(Uint8Array.of(1).buffer));
    const unknown = await certificate({ name: "unknown", extensions: [odd] });
    expect(way([unknown], ofKey(unknown))).toContain("an extension that must be understood, 1.2.3.4");
  });

  it("is refused with a short key", async () => {
    const weak = await certificate({ name: "weak", key: testKey("weak", 1024 as 2048) });
    expect(way([weak], ofKey(weak))).toBe('"CN=weak" has a key of 1024 bits');
  });
});

describe("validity", () => {
  it("has its first and its last moment", () => {
    const [first, last] = [Date.UTC(2020, 0, 1), Date.UTC(2029, 11, 31, 23, 59, 59)];
    const at = (now: number): number => outdated([read(leaf)], now).length;
    expect([first - 1, first, last, last + 1, NaN].map(at)).toEqual([1, 0, 0, 1, 1]);
  });
});
