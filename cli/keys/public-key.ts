import type { KeyObject } from "node:crypto";
import { createPublicKey, verify } from "node:crypto";
import type { Outcome, PublicKey, VerifyingKey } from "../../compiler/index.ts";
import { diagnose, ecBits, rsaSizes } from "../../compiler/index.ts";
import { isDevelopment, keyName, oddName } from "./names.ts";
import { readPem } from "./pem.ts";
import { signatureForm } from "./signature-form.ts";

/** A public key with what it is called. */
export interface NamedKey extends VerifyingKey {
  readonly name: string;
  readonly development: boolean;
}

/** A public key in a PEM file. */
export async function readPublicKey(path: string, cwd: string): Promise<Outcome<NamedKey>> {
  const { value: pem, diagnostics } = await readPem(path, cwd);
  if (pem === undefined) return { diagnostics };
  const refuse = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI6011", { file: path, reason })] });
  if (pem.includes("PRIVATE KEY-----")) return refuse("it is a private key: what verifies must not hold one");
  const name = keyName(path);
  if (name === undefined) return refuse(oddName);
  try {
    const key = verifyingKey(createPublicKey(pem));
    if (typeof key === "string") return refuse(key);
    return { value: { ...key, name, development: isDevelopment(pem) }, diagnostics: [] };
  } catch {
    return refuse("it holds no public key in PEM form");
  }
}

/** What the compiler wants of a public key, or why it is none that signs images. */
export function verifyingKey(object: KeyObject): VerifyingKey | string {
  const key = publicOf(object);
  if (typeof key === "string") return key;
  return {
    key,
    verify: (hash, message, signature, padding) =>
      verify(hash, message, { key: object, ...signatureForm(padding) }, signature),
  };
}

const curves = new Map([
  ["prime256v1", "p256"],
  ["secp384r1", "p384"],
] as const);

function publicOf(key: KeyObject): PublicKey | string {
  const { modulusLength: length, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  const { n = "", e = "", x = "", y = "" } = isKnown(key) ? key.export({ format: "jwk" }) : {};
  const number = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64url"));
  if (key.asymmetricKeyType === "ec") {
    const curve = [...curves].find(([name]) => name === namedCurve)?.[1];
    if (curve === undefined)
      return `its curve is "${namedCurve}": FIT signatures know P-${Object.values(ecBits).join(" and P-")}`;
    return { kind: "ec", curve, x: number(x), y: number(y) };
  }
  if (key.asymmetricKeyType !== "rsa" || length === undefined)
    return `it is a key of the kind "${key.asymmetricKeyType ?? "unknown"}": images are signed with RSA or ECDSA`;
  const bits = rsaSizes.find((size) => size === length);
  if (bits === undefined) return `it has ${length} bits: U-Boot verifies RSA of ${rsaSizes.join(", ")}`;
  return { kind: "rsa", bits, modulus: number(n), exponent: number(e) };
}

/** Whether there is a JSON Web Key of this kind: not of every curve. */
const isKnown = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean =>
  asymmetricKeyType === "rsa" || [...curves.keys()].some((name) => name === asymmetricKeyDetails?.namedCurve);
