import type { KeyPairKeyObjectResult } from "node:crypto";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { DeviceTree } from "dtc-js";
import { decode, encode } from "dtc-js";
import type { Diagnostic, HashAlgorithm, Outcome } from "../../compiler/index.ts";
import { diagnose, printable, quoted, requiredKeys, withUbootKey } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile, writeFileWhole } from "../adapters/files.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { certificatePem, makeCertificate } from "../keys/certificate.ts";
import { developmentMark, keyName, oddName } from "../keys/names.ts";
import type { KeyType } from "../keys/types.ts";
import { givenPassphrase, readPassphrase } from "../keys/passphrase.ts";
import { readPublicKey } from "../keys/public-key.ts";
import { report } from "./system.ts";

export interface KeygenOptions {
  readonly type: KeyType;
  /** Of the new key; left out: from the environment, else it is not encrypted. */
  readonly passphraseFile?: string;
  readonly hash: HashAlgorithm;
  readonly ubootDtb?: string;
}

const endings = { public: ".pub", certificate: ".crt", enrolled: ".cer", private: ".key" } as const;
/** What keygen writes: their paths. */
type Files = Readonly<Record<keyof typeof endings, string>>;

/**
 * Makes a development key, `<name>.key` and `<name>.pub`, and a certificate of an RSA key, `<name>.crt` and, in the binary
 * form that firmware enrols, `<name>.cer`. With a device tree of U-Boot's, puts the public key into it
 * instead, and makes one only where there is none.
 */
export async function keygen(name: string, options: KeygenOptions, surroundings: Surroundings): Promise<number> {
  const files = Object.fromEntries(
    Object.entries(endings).map(([kind, ending]) => [kind, `${name}${ending}`]),
  ) as Files;
  if (keyName(files.private) === undefined)
    return report([diagnose("XI6011", { file: files.private, reason: oddName })], "pretty", surroundings);
  const made = await makeKey(files, options, surroundings);
  if (made.length > 0) return report(made, "pretty", surroundings);
  const { ubootDtb, hash } = options;
  if (ubootDtb === undefined) return 0;
  const { value: tree, diagnostics } = await withKey(ubootDtb, files.public, hash, surroundings);
  if (tree === undefined) return report(diagnostics, "pretty", surroundings);
  const obstacles = await writeFileWhole(resolve(surroundings.cwd, ubootDtb), encode(tree));
  if (obstacles.length === 0) surroundings.stdout(`${ubootDtb}  requires ${files.public}\n${noteOf(tree)}`);
  return report(obstacles, "pretty", surroundings);
}

/** Of several keys: what U-Boot wants of an image, which has one signature. */
function noteOf(tree: DeviceTree): string {
  const { names, mode = "all" } = requiredKeys(tree);
  if (names.length < 2) return "";
  const list = names.map(printable).join(", ");
  return mode === "any"
    ? `note: an image signed with any of ${list} boots; take out what should not\n`
    : `note: no image boots: required-mode is ${quoted(mode)}, of ${list}, and an image has one signature\n`;
}

async function makeKey(
  files: Files,
  { type, ubootDtb, passphraseFile }: KeygenOptions,
  { cwd, env, stdout }: Surroundings,
): Promise<readonly Diagnostic[]> {
  const read = passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile, cwd);
  if (read && read.value === undefined) return read.diagnostics;
  const passphrase = read?.value ?? givenPassphrase({ env });
  const { publicKey, privateKey } = newKey(type);
  const protection = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  const der = type.startsWith("rsa")
    ? await makeCertificate(keyName(files.private) ?? "", { publicKey, privateKey })
    : undefined;
  const marked = (pem: string | Buffer): string => `${developmentMark}\n${String(pem)}`;
  const contents: readonly (readonly [keyof Files, string | Uint8Array])[] = [
    ["public", marked(publicKey.export({ type: "spki", format: "pem" }))],
    ...(der
      ? ([
          ["certificate", marked(certificatePem(der))],
          ["enrolled", der],
        ] as const)
      : []),
    ["private", marked(privateKey.export({ type: "pkcs8", format: "pem", ...protection }))],
  ];
  const written: string[] = [];
  for (const [kind, content] of contents) {
    const path = resolve(cwd, files[kind]);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flag: "wx", mode: kind === "private" ? 0o600 : 0o666 });
      written.push(path);
    } catch (error) {
      if (kind === "public" && ubootDtb !== undefined && (error as NodeJS.ErrnoException).code === "EEXIST") return [];
      for (const each of written) await rm(each, { force: true });
      return [diagnose("XI6014", { file: files[kind], reason: reasonOf(error) })];
    }
  }
  stdout(
    `${files.private}  ${type}, for development\n${contents
      .slice(0, -1)
      .map(([kind]) => `${files[kind]}\n`)
      .join("")}`,
  );
  return [];
}

const curveNames = { p256: "P-256", p384: "P-384" } as const;

const newKey = (type: KeyType): KeyPairKeyObjectResult =>
  type === "p256" || type === "p384"
    ? generateKeyPairSync("ec", { namedCurve: curveNames[type] })
    : generateKeyPairSync("rsa", { modulusLength: Number(type.slice(3)), publicExponent: 0x1_0001 });

/** The device tree of U-Boot's with the key in it. */
async function withKey(
  dtb: string,
  publicFile: string,
  hash: HashAlgorithm,
  { cwd }: Surroundings,
): Promise<Outcome<DeviceTree>> {
  const { value: key, diagnostics } = await readPublicKey(publicFile, cwd);
  if (key === undefined) return { diagnostics };
  const refuse = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI6015", { file: dtb, reason })] });
  try {
    const decoded = decode(await readRegularFile(resolve(cwd, dtb)));
    if (!decoded.ok) return refuse(decoded.diagnostics[0].message);
    return { value: withUbootKey(decoded.value, { ...key, hash }), diagnostics: [] };
  } catch (error) {
    return refuse(reasonOf(error));
  }
}
