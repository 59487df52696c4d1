import type { KeyObject } from "node:crypto";
import { createPublicKey } from "node:crypto";
import type { HashAlgorithm, Outcome, PublicKey, Signer } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import type { FilterResult } from "../adapters/filter.ts";
import { runFilter } from "../adapters/filter.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import type { SigningRequest } from "./holder.ts";
import { checkedSigner } from "./holder.ts";
import { passphraseOf, readPassphrase } from "./passphrase.ts";
import type { Pkcs11Uri } from "./pkcs11-uri.ts";
import { parsePkcs11Uri } from "./pkcs11-uri.ts";
import { verifyingKey } from "./public-key.ts";
import { digestOf, linesOf, reasonOf } from "./signing-command.ts";

/** OpenSC's program: it speaks to a token's module, in a process of its own (docs/decisions/0011). */
const tool = "pkcs11-tool";
const seconds = 60;
const longestAnswer = 2 ** 20;
/** How the PIN gets there: arguments are seen by everybody on the machine. */
const pinVariable = "XENIMG_TOKEN_PIN";

/** A key in a PKCS #11 token. Its public half is read from there, too. */
export async function tokenSigner(
  uri: string,
  passphraseFile: string | undefined,
  surroundings: Surroundings,
): Promise<Outcome<Signer>> {
  const parsed = parsePkcs11Uri(uri);
  if (typeof parsed === "string") return { diagnostics: [diagnose("XI6024", { reason: parsed })] };
  const token = new Token(parsed, surroundings);
  const { value: key, diagnostics } = await token.publicKey();
  if (key === undefined) return { diagnostics };
  const { pinFile, object } = parsed;
  const pin =
    pinFile === undefined
      ? await passphraseOf(`${parsed.token}/${object}`, passphraseFile, surroundings)
      : await readPassphrase(pinFile, surroundings.cwd);
  if (pin.value === undefined) return { diagnostics: pin.diagnostics };
  const named = { ...key.verifying, name: object, development: false };
  const signing = { id: key.id, pin: pin.value, key: key.verifying.key };
  const value = checkedSigner(named, `the token "${parsed.token}"`, (request) => token.sign(request, signing));
  return { value, diagnostics: [] };
}

interface TokenKey {
  readonly id: string;
  readonly verifying: Exclude<ReturnType<typeof verifyingKey>, string>;
}

class Token {
  readonly #uri: Pkcs11Uri;
  readonly #surroundings: Surroundings;

  constructor(uri: Pkcs11Uri, surroundings: Surroundings) {
    this.#uri = uri;
    this.#surroundings = surroundings;
  }

  async publicKey(): Promise<Outcome<TokenKey>> {
    const { object, token, id: wanted } = this.#uri;
    const listed = await this.#run(["--list-objects", "--type", "pubkey"], new Uint8Array());
    if (listed.kind !== "ok") return this.#failed(listed);
    const keys = listedKeys(new TextDecoder().decode(listed.output));
    const ours = keys.filter(({ label, id }) => label === object && (wanted === undefined || id === wanted));
    const [key] = ours;
    if (key === undefined || ours.length > 1)
      return this.#refuse(`the token "${token}" has ${ours.length} public keys "${object}" with an ID`);
    const { value: read, diagnostics } = await this.#read(key);
    if (read === undefined) return { diagnostics };
    const verifying = verifyingKey(read);
    return typeof verifying === "string"
      ? this.#refuse(verifying)
      : { value: { id: key.id, verifying }, diagnostics: [] };
  }

  /** pkcs11-tool 0.23 cannot give a point on P-384 as a key; it lists it. */
  async #read({ id, point, curve }: ListedKey): Promise<Outcome<KeyObject>> {
    try {
      if (point !== undefined && curve !== undefined) return { value: keyOf(point, curve), diagnostics: [] };
      const read = await this.#run(["--read-object", "--type", "pubkey", "--id", id], new Uint8Array());
      if (read.kind !== "ok") return this.#failed(read);
      const value = createPublicKey({ key: Buffer.from(read.output), format: "der", type: "spki" });
      return { value, diagnostics: [] };
    } catch {
      return this.#refuse("what its token gives is no public key of RSA, P-256 or P-384");
    }
  }

  /** By the key's ID: asked for a label that it does not find, pkcs11-tool 0.23 signs with the first key there is. */
  async sign(
    request: SigningRequest,
    { id, pin, key }: { readonly id: string; readonly pin: string; readonly key: PublicKey },
  ): Promise<Outcome<Uint8Array>> {
    const { mechanism, input } = mechanismOf(request, key);
    const login = ["--login", "--pin", `env:${pinVariable}`];
    const result = await this.#run([...login, "--sign", "--id", id, ...mechanism], input, { [pinVariable]: pin });
    return result.kind === "ok" ? { value: result.output, diagnostics: [] } : this.#failed(result);
  }

  #run(args: readonly string[], input: Uint8Array, env: Record<string, string> = {}): Promise<FilterResult> {
    const { token, module } = this.#uri;
    return runFilter({
      program: tool,
      args: ["--module", module, "--token-label", token, ...args],
      input,
      env: { ...this.#surroundings.env, ...env },
      cwd: this.#surroundings.cwd,
      seconds,
      most: longestAnswer,
    });
  }

  #failed(result: Exclude<FilterResult, { kind: "ok" }>): Outcome<never> {
    if (result.kind === "missing") return { diagnostics: [diagnose("XI7201", { tool, package: "opensc" })] };
    const understood = explain(result.stderr, this.#uri);
    if (understood !== undefined) return this.#refuse(understood);
    this.#surroundings.stderr(linesOf(result));
    return { diagnostics: [diagnose("XI6022", { program: tool, reason: reasonOf(result, seconds) })] };
  }

  #refuse(reason: string): Outcome<never> {
    return { diagnostics: [diagnose("XI6011", { file: `${this.#uri.token}/${this.#uri.object}`, reason })] };
  }
}

/** What users can mend, as pkcs11-tool says it. */
function explain(stderr: string, { token, module }: Pkcs11Uri): string | undefined {
  if (/CKR_PIN_(INCORRECT|LEN_RANGE|INVALID)/.test(stderr)) return "its PIN is wrong";
  if (stderr.includes("CKR_PIN_LOCKED")) return "its PIN was wrong too often, and the token is locked";
  if (stderr.includes("Private key not found")) return "its token has the public key, and not the private one";
  if (stderr.includes("No slot with token named")) return `there is no token "${token}"`;
  if (stderr.includes("Failed to load pkcs11 module")) return `"${module}" is no PKCS #11 module that can be loaded`;
  return undefined;
}

/** A public key as pkcs11-tool lists it: ID, point and curve in hexadecimal. */
interface ListedKey {
  readonly label: string | undefined;
  readonly id: string;
  /** CKA_EC_POINT: an octet string in DER. */
  readonly point: string | undefined;
  /** CKA_EC_PARAMS: an object identifier in DER. */
  readonly curve: string | undefined;
}

function listedKeys(listing: string): readonly ListedKey[] {
  return listing.split(/^(?=\S)/m).flatMap((object) => {
    const field = (name: string): string | undefined => new RegExp(`^ +${name}: +(.*?) *$`, "m").exec(object)?.[1];
    const id = field("ID");
    return id === undefined ? [] : [{ label: field("label"), id, point: field("EC_POINT"), curve: field("EC_PARAMS") }];
  });
}

/** A point without compression (RFC 5480, 2.2) on a named curve, as SubjectPublicKeyInfo. */
function keyOf(point: string, curve: string): KeyObject {
  // Some tokens leave the octet string's header out, and the point begins by itself.
  const [, bare = point] = /^04(?:[0-7].|81..)(04.*)$/.exec(point) ?? [];
  const algorithm = der("30", `06072a8648ce3d0201${curve}`);
  const info = der("30", algorithm + der("03", `00${bare}`));
  return createPublicKey({ key: Buffer.from(info, "hex"), format: "der", type: "spki" });
}

/** Tag, length and content in hexadecimal; a content shorter than 256 bytes. */
function der(tag: string, content: string): string {
  const length = (content.length / 2).toString(16).padStart(2, "0");
  return `${tag}${content.length / 2 < 128 ? "" : "81"}${length}${content}`;
}

/** DigestInfo up to the hash (RFC 8017, 9.2, note 1): tokens pad what they get. */
const digestInfo: Readonly<Record<HashAlgorithm, string>> = {
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
};

function mechanismOf(
  request: SigningRequest,
  key: PublicKey,
): { readonly mechanism: readonly string[]; readonly input: Uint8Array } {
  const digest = digestOf(request);
  if (key.kind === "ec") return { mechanism: ["--mechanism", "ECDSA"], input: digest };
  if (request.padding === "pkcs1") {
    const input = Buffer.concat([Buffer.from(digestInfo[request.hash], "hex"), digest]);
    return { mechanism: ["--mechanism", "RSA-PKCS"], input };
  }
  const hash = request.hash.toUpperCase();
  // As long as there is room for: emLen - hLen - 2 (RFC 8017, 9.1.1).
  const salt = key.bits / 8 - digest.length - 2;
  const pss = [
    "--mechanism",
    "RSA-PKCS-PSS",
    "--hash-algorithm",
    hash,
    "--mgf",
    `MGF1-${hash}`,
    "--salt-len",
    `${salt}`,
  ];
  return { mechanism: pss, input: digest };
}
