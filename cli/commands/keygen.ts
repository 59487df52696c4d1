import { generateKeyPairSync } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { decode, encode } from "dtc-js";
import type { Diagnostic, HashAlgorithm, Outcome, RsaSize } from "../../compiler/index.ts";
import { diagnose, withUbootKey } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile, writeFileWhole } from "../adapters/files.ts";
import { developmentMark, readPublicKey } from "../adapters/keys.ts";
import { passphraseVariable } from "../adapters/passphrase.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { report } from "./system.ts";

export interface KeygenOptions {
  readonly bits: RsaSize;
  readonly hash: HashAlgorithm;
  readonly ubootDtb?: string;
}

/**
 * Makes a development key, `<name>.key` and `<name>.pub`. With a device tree of U-Boot's, puts the public key into it
 * instead, and makes one only where there is none.
 */
export async function keygen(name: string, options: KeygenOptions, surroundings: Surroundings): Promise<number> {
  const files = { private: `${name}.key`, public: `${name}.pub` };
  const made = await makeKey(files, options, surroundings);
  if (made.length > 0) return report(made, "pretty", surroundings);
  const { ubootDtb, hash } = options;
  if (ubootDtb === undefined) return 0;
  const { value: tree, diagnostics } = await withKey(ubootDtb, files.public, hash, surroundings);
  if (tree === undefined) return report(diagnostics, "pretty", surroundings);
  const obstacles = await writeFileWhole(resolve(surroundings.cwd, ubootDtb), tree);
  if (obstacles.length === 0) surroundings.stdout(`${ubootDtb}  requires ${files.public}\n`);
  return report(obstacles, "pretty", surroundings);
}

async function makeKey(
  files: { readonly private: string; readonly public: string },
  { bits, ubootDtb }: KeygenOptions,
  { cwd, env, stdout }: Surroundings,
): Promise<readonly Diagnostic[]> {
  const passphrase = env[passphraseVariable];
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent: 0x1_0001 });
  const protection = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  const texts = {
    private: privateKey.export({ type: "pkcs8", format: "pem", ...protection }),
    public: publicKey.export({ type: "spki", format: "pem" }),
  };
  const written: string[] = [];
  for (const kind of ["public", "private"] as const) {
    const path = resolve(cwd, files[kind]);
    try {
      await writeFile(path, `${developmentMark}\n${String(texts[kind])}`, {
        flag: "wx",
        mode: kind === "private" ? 0o600 : 0o666,
      });
      written.push(path);
    } catch (error) {
      if (kind === "public" && ubootDtb !== undefined && (error as NodeJS.ErrnoException).code === "EEXIST") return [];
      for (const each of written) await rm(each, { force: true });
      return [diagnose("XI6014", { file: files[kind], reason: reasonOf(error) })];
    }
  }
  stdout(`${files.private}  RSA-${bits}, for development\n${files.public}\n`);
  return [];
}

/** The device tree of U-Boot's with the key in it. */
async function withKey(
  dtb: string,
  publicFile: string,
  hash: HashAlgorithm,
  { cwd }: Surroundings,
): Promise<Outcome<Uint8Array>> {
  const { value: key, diagnostics } = await readPublicKey(publicFile, cwd);
  if (key === undefined) return { diagnostics };
  const refuse = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI6015", { file: dtb, reason })] });
  try {
    const decoded = decode(await readRegularFile(resolve(cwd, dtb)));
    if (!decoded.ok) return refuse(decoded.error.message);
    return { value: encode(withUbootKey(decoded.tree, { ...key, hash })), diagnostics: [] };
  } catch (error) {
    return refuse(reasonOf(error));
  }
}
