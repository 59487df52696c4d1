import { describe, expect, it } from "vitest";
import { readCertificate } from "../codecs/x509/certificate.ts";
import type { Certificate } from "../codecs/x509/certificate.ts";
import { certificate, rsaVerify } from "../testing/certificates.ts";
import type { TestCertificate } from "../testing/certificates.ts";
import { certificateProblems } from "./certificates.ts";

const root = await certificate({ name: "root", constraints: { cA: true } });
const middle = await certificate({ name: "middle", issuer: root, constraints: { cA: true } });
const leaf = await certificate({ name: "leaf", issuer: middle });

function read({ der }: TestCertificate): Certificate {
  const found = readCertificate(der);
  if (found === undefined) throw new Error("no certificate");
  return found;
}

/** What is wrong with the certificates of a file, for the leaf's key. */
const problems = (chain: readonly TestCertificate[], now = Date.UTC(2026, 0, 1)): readonly string[] =>
  certificateProblems({ file: "c.pem", certificates: chain.map(read) }, leaf.key, rsaVerify, now).map(
    ({ code, message }) => `${code}: ${message}`,
  );

describe("a signer's certificates", () => {
  it("begin with its own, and go on with each one's issuer", () => {
    for (const chain of [[leaf], [leaf, middle], [leaf, middle, root]]) expect(problems(chain)).toEqual([]);
  });

  it("XI6231: are not those of another key, nor none at all", () => {
    expect(problems([middle, root])).toEqual(['XI6231: the certificate "c.pem" is not of the key "leaf"']);
    expect(problems([])).toEqual([expect.stringContaining("XI6231")]);
  });

  it("XI6234: are not those of an ECDSA key", () => {
    const key = { kind: "ec", curve: "p256", x: new Uint8Array(32), y: new Uint8Array(32) } as const;
    const given = { file: "c.pem", certificates: [read(leaf)] };
    expect(certificateProblems(given, { name: "ec", key }, rsaVerify, 0).map(({ message }) => message)).toEqual([
      'the key "ec" is ECDSA P-256, and UEFI firmware verifies RSA',
    ]);
  });

  it("XI6230: are in the order of their issuers", () => {
    expect(problems([leaf, root])).toEqual([
      'XI6230: cannot use the certificate "c.pem": "CN=leaf" is not issued by the next, "CN=root"',
    ]);
    expect(problems([leaf, root, middle])).toEqual([expect.stringContaining("is not issued by the next")]);
  });

  it("XI6232: are valid now", () => {
    expect(problems([leaf, middle], Date.UTC(2031, 0, 1))).toEqual([
      expect.stringContaining('XI6232: the certificate "CN=leaf"'),
      expect.stringContaining('XI6232: the certificate "CN=middle"'),
    ]);
  });
});
