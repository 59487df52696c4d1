import type { KeyObject } from "node:crypto";
import { constants, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { basename, resolve } from "node:path";
import type { Outcome, PublicKey, Signer, VerifyingKey } from "../../compiler/index.ts";
import { InvariantError, diagnose, rsaSizes } from "../../compiler/index.ts";
import { reasonOf } from "./errors.ts";
import { readRegularFile } from "./files.ts";
import { askPassphrase } from "./passphrase.ts";
import type { Surroundings } from "./terminal.ts";

/** The line above a development key, private or public (RFC 7468 lets text stand before the first boundary). */
export const developmentMark = "xenimg development key: not for releases";

/** Why a key cannot be called so. */
export const oddName = "its name, by which loaders find the key, has more than letters, digits, . _ -";

/** No key file is this long. */
const longest = 2 ** 16;

/** Whoever holds the private key in a PEM file. The key stays in here: what goes out is signatures. */
export async function readSigner(path: string, surroundings: Surroundings): Promise<Outcome<Signer>> {
  const { value: pem, diagnostics } = await readPem(path, surroundings.cwd);
  if (pem === undefined) return { diagnostics };
  const refuse = (reason: string): Outcome<Signer> => ({ diagnostics: [diagnose("XI6011", { file: path, reason })] });
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return refuse("it holds no private key in PEM form");
  const name = keyName(path);
  if (name === undefined) return refuse(oddName);
  // PKCS#8 says so in its label, the older form in a header.
  const encrypted = /^(-----BEGIN ENCRYPTED |Proc-Type: *4, *ENCRYPTED)/m.test(pem);
  const passphrase = encrypted ? await askPassphrase(path, surroundings) : undefined;
  if (encrypted && passphrase === undefined) return { diagnostics: [diagnose("XI6012", { file: path })] };
  const key = privateKey(pem, passphrase);
  if (key === undefined) return refuse(encrypted ? "the passphrase is wrong, or it is damaged" : "it is damaged");
  const publicKey = publicOf(createPublicKey(key));
  if (typeof publicKey === "string") return refuse(publicKey);
  return { value: signerOf(name, key, publicKey, pem), diagnostics: [] };
}

function signerOf(name: string, key: KeyObject, publicKey: PublicKey, pem: string): Signer {
  const { verify: holds } = verifierOf(createPublicKey(key), publicKey);
  return {
    name,
    key: publicKey,
    development: isDevelopment(pem),
    sign: (hash, message) => {
      const signature = sign(hash, message, { key, padding: constants.RSA_PKCS1_PADDING });
      // A signature that was computed wrongly tells the private key to whoever sees it.
      if (!holds(hash, message, signature)) throw new InvariantError("expected a signature that its own key verifies");
      return Promise.resolve(signature);
    },
  };
}

/** A public key in a PEM file. */
export async function readPublicKey(
  path: string,
  cwd: string,
): Promise<Outcome<VerifyingKey & { readonly name: string; readonly development: boolean }>> {
  const { value: pem, diagnostics } = await readPem(path, cwd);
  if (pem === undefined) return { diagnostics };
  const refuse = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI6011", { file: path, reason })] });
  if (pem.includes("PRIVATE KEY-----")) return refuse("it is a private key: what verifies must not hold one");
  const name = keyName(path);
  if (name === undefined) return refuse(oddName);
  try {
    const object = createPublicKey(pem);
    const key = publicOf(object);
    if (typeof key === "string") return refuse(key);
    return { value: { ...verifierOf(object, key), name, development: isDevelopment(pem) }, diagnostics: [] };
  } catch {
    return refuse("it holds no public key in PEM form");
  }
}

const verifierOf = (object: KeyObject, key: PublicKey): VerifyingKey => ({
  key,
  verify: (hash, message, signature) =>
    verify(hash, message, { key: object, padding: constants.RSA_PKCS1_PADDING }, signature),
});

async function readPem(path: string, cwd: string): Promise<Outcome<string>> {
  try {
    const bytes = await readRegularFile(resolve(cwd, path));
    if (bytes.length <= longest) return { value: new TextDecoder("latin1").decode(bytes), diagnostics: [] };
    return { diagnostics: [diagnose("XI6011", { file: path, reason: "it is longer than any key" })] };
  } catch (error) {
    return { diagnostics: [diagnose("XI6011", { file: path, reason: reasonOf(error) })] };
  }
}

/** OpenSSL's own words are left out: some of them quote what they could not read. */
function privateKey(pem: string, passphrase: string | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    return undefined;
  }
}

/** What the compiler knows of a key, or why it is none of ours. */
function publicOf(key: KeyObject): PublicKey | string {
  const length = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== "rsa" || length === undefined)
    return `it is a key of the kind "${key.asymmetricKeyType ?? "unknown"}": U-Boot verifies RSA`;
  const bits = rsaSizes.find((size) => size === length);
  if (bits === undefined) return `it has ${length} bits: U-Boot verifies RSA of ${rsaSizes.join(", ")}`;
  const { n = "", e = "" } = key.export({ format: "jwk" });
  return { kind: "rsa", bits, modulus: Buffer.from(n, "base64url"), exponent: Buffer.from(e, "base64url") };
}

const isDevelopment = (pem: string): boolean => pem.split("-----BEGIN")[0]?.includes(developmentMark) === true;

/** `keys/board-1.key` is called "board-1". */
export function keyName(path: string): string | undefined {
  const name = basename(path).replace(/\.(key|pem|pub)$/, "");
  return /^[\w.-]{1,64}$/.test(name) ? name : undefined;
}
