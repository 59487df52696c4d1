import type { Outcome, Signer } from "../../compiler/index.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { pemSigner } from "./pem-signer.ts";
import { isPkcs11Uri } from "./pkcs11-uri.ts";

/** Who signs, as the command line says it. */
export interface SignerOptions {
  /** A private key's PEM file, or a PKCS #11 URI; with `signCommand` a public key's PEM file. */
  readonly sign?: string;
  readonly signCommand?: string;
  /** Of an encrypted key, or a token's PIN. */
  readonly passphraseFile?: string;
}

/** Whoever holds the key. */
export async function openSigner(
  { sign, signCommand, passphraseFile }: SignerOptions & { readonly sign: string },
  surroundings: Surroundings,
): Promise<Outcome<Signer>> {
  if (signCommand !== undefined)
    return (await import("./signing-command.ts")).commandSigner(signCommand, sign, surroundings);
  if (isPkcs11Uri(sign)) return (await import("./pkcs11.ts")).tokenSigner(sign, passphraseFile, surroundings);
  return pemSigner(sign, passphraseFile, surroundings);
}
