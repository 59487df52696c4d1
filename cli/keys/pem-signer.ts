import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { Outcome, Signer } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { checkedSigner } from "./holder.ts";
import { isDevelopment, keyName, oddName } from "./names.ts";
import { passphraseOf } from "./passphrase.ts";
import { readPem } from "./pem.ts";
import { verifyingKey } from "./public-key.ts";
import { signatureForm } from "./signature-form.ts";

/** Whoever holds the private key in a PEM file. The key stays in here: what goes out is signatures. */
export async function pemSigner(
  path: string,
  passphraseFile: string | undefined,
  surroundings: Surroundings,
): Promise<Outcome<Signer>> {
  const { value: pem, diagnostics } = await readPem(path, surroundings.cwd);
  if (pem === undefined) return { diagnostics };
  const refuse = (reason: string): Outcome<Signer> => ({ diagnostics: [diagnose("XI6011", { file: path, reason })] });
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return refuse("it holds no private key in PEM form");
  const name = keyName(path);
  if (name === undefined) return refuse(oddName);
  // PKCS#8 says so in its label, the older form in a header.
  const encrypted = /^(-----BEGIN ENCRYPTED |Proc-Type: *4, *ENCRYPTED)/m.test(pem);
  const given: Outcome<string> = encrypted
    ? await passphraseOf(path, passphraseFile, surroundings)
    : { diagnostics: [] };
  if (encrypted && given.value === undefined) return { diagnostics: given.diagnostics };
  const key = privateKey(pem, given.value);
  if (key === undefined) return refuse(encrypted ? "the passphrase is wrong, or it is damaged" : "it is damaged");
  const publicKey = verifyingKey(createPublicKey(key));
  if (typeof publicKey === "string") return refuse(publicKey);
  const value = checkedSigner({ ...publicKey, name, development: isDevelopment(pem) }, `"${path}"`, (request) =>
    Promise.resolve({
      value: sign(request.hash, request.message, { key, ...signatureForm(request.padding) }),
      diagnostics: [],
    }),
  );
  return { value, diagnostics: [] };
}

/** OpenSSL's own words are left out: some of them quote what they could not read. */
function privateKey(pem: string, passphrase: string | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    return undefined;
  }
}
