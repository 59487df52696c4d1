import type { KeyPairKeyObjectResult } from "node:crypto";
import { createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { resolve } from "node:path";
import type { Certificate, Outcome, RsaVerify, Signer } from "../../compiler/index.ts";
import { diagnose, loadAuthenticode } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import { timeOf } from "../adapters/source-date.ts";
import type { Surroundings } from "../adapters/terminal.ts";

/** No file of certificates is this long. */
const longest = 2 ** 18;

const block = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/** Whether a text holds certificates rather than a key (RFC 7468, 5). */
export const holdsCertificates = (pem: string): boolean => pem.includes("-----BEGIN CERTIFICATE-----");

/** The certificates of a PEM file, in its order: at least one. */
export async function readCertificates(file: string, cwd: string): Promise<Outcome<readonly Certificate[]>> {
  const refuse = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI6230", { file, reason })] });
  let pem: string;
  try {
    const bytes = await readRegularFile(resolve(cwd, file));
    if (bytes.length > longest) return refuse("it is longer than any chain of certificates");
    pem = new TextDecoder("latin1").decode(bytes);
  } catch (error) {
    return refuse(reasonOf(error));
  }
  const { readCertificate } = await loadAuthenticode();
  const found = [...pem.matchAll(block)].map(([, base64 = ""]) => readCertificate(Buffer.from(base64, "base64")));
  const whole = found.filter((certificate) => certificate !== undefined);
  if (found.length === 0) return refuse("it holds no certificate in PEM form");
  return whole.length === found.length ? { value: whole, diagnostics: [] } : refuse("it is damaged");
}

/** A signer's certificates, as firmware would want them. */
export async function certificatesOf(
  file: string,
  signer: Signer,
  surroundings: Surroundings,
): Promise<Outcome<readonly Certificate[]>> {
  const { value: certificates, diagnostics } = await readCertificates(file, surroundings.cwd);
  if (certificates === undefined) return { diagnostics };
  const { value: now, diagnostics: timeless } = timeOf(surroundings);
  if (now === undefined) return { diagnostics: timeless };
  const { certificateProblems } = await loadAuthenticode();
  const problems = certificateProblems({ file, certificates }, signer, rsaVerify, now);
  return problems.length > 0 ? { diagnostics: problems } : { value: certificates, diagnostics: [] };
}

/** RSA by Node's OpenSSL. A key that it does not take has made no signature. */
export const rsaVerify: RsaVerify = ({ modulus, exponent }, hash, message, signature) => {
  const number = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
  try {
    const key = createPublicKey({ key: { kty: "RSA", n: number(modulus), e: number(exponent) }, format: "jwk" });
    return verify(hash, message, key, signature);
  } catch {
    return false;
  }
};

/** A certificate that a key signs for itself, marked as for development; in DER. */
export async function makeCertificate(
  name: string,
  { publicKey, privateKey }: KeyPairKeyObjectResult,
): Promise<Uint8Array> {
  const { developmentCertificate, signedCertificate } = await loadAuthenticode();
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const key = { modulus: Buffer.from(n, "base64url"), exponent: Buffer.from(e, "base64url") };
  const signed = developmentCertificate(name, key, randomBytes(16));
  return signedCertificate(signed, sign("sha256", signed, privateKey));
}

/** The text of a PEM file. */
export const certificatePem = (der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
};
