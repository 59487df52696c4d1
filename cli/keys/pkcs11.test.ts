import { execFileSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Signer } from "../../compiler/index.ts";
import { hashAlgorithms } from "../../compiler/index.ts";
import { parsePkcs11Uri } from "./pkcs11-uri.ts";
import { tokenSigner } from "./pkcs11.ts";

/** SoftHSM of Debian's package softhsm2: tokens in a folder. */
const softhsm = "/usr/lib/softhsm/libsofthsm2.so";
const folder = mkdtempSync(join(tmpdir(), "xenimg-token-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const env = { PATH: process.env["PATH"], SOFTHSM2_CONF: join(folder, "softhsm2.conf") };
const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 60_000 });
const pkcs11 = (...args: readonly string[]): string =>
  run("pkcs11-tool", "--module", softhsm, "--token-label", "board", "--login", "--pin", "1234", ...args);

beforeAll(() => {
  mkdirSync(join(folder, "tokens"));
  writeFileSync(env.SOFTHSM2_CONF, `directories.tokendir = ${folder}/tokens\nobjectstore.backend = file\n`);
  writeFileSync(join(folder, "pin"), "1234\n");
  run("softhsm2-util", "--init-token", "--free", "--label", "board", "--pin", "1234", "--so-pin", "5678");
  const keys = [
    ["EC:prime256v1", "ec256", "01"],
    ["rsa:2048", "release", "02"],
    ["EC:secp384r1", "ec384", "03"],
    ["rsa:1024", "short", "04"],
    ["rsa:2048", "twice", "05"],
    ["EC:prime256v1", "twice", "06"],
    ["rsa:2048", "gone", "07"],
    ["rsa:2048", "half", "08"],
  ] as const;
  for (const [type, label, id] of keys) pkcs11("--keypairgen", "--key-type", type, "--label", label, "--id", id);
  pkcs11("--delete-object", "--type", "pubkey", "--id", "07");
  pkcs11("--delete-object", "--type", "privkey", "--id", "08");
}, 120_000);

interface Opened {
  readonly signer?: Signer;
  readonly found: readonly string[];
  readonly said: string;
}

async function open(uri: string, more: { pin?: string; path?: string; passphraseFile?: string } = {}): Promise<Opened> {
  let said = "";
  const { value, diagnostics } = await tokenSigner(uri, more.passphraseFile, {
    stdout: () => undefined,
    stderr: (text) => (said += text),
    stdin: new PassThrough(),
    env: { ...env, ...(more.path !== undefined && { PATH: more.path }), XENIMG_KEY_PASSPHRASE: more.pin },
    cwd: folder,
    interactive: false,
  });
  return {
    ...(value && { signer: value }),
    found: diagnostics.map(({ code, message }) => `${code}: ${message}`),
    said,
  };
}

const uriOf = (object: string, more = `&pin-source=file:${folder}/pin`): string =>
  `pkcs11:token=board;object=${object}?module-path=${softhsm}${more}`;

/** What the signer says of one message. */
async function sign({ signer, found }: Opened, hash: (typeof hashAlgorithms)[number] = "sha256", padding?: "pss") {
  const { value, diagnostics } = (await signer?.sign(hash, Buffer.from("message"), padding)) ?? { diagnostics: [] };
  return { size: value?.length, found: [...found, ...diagnostics.map(({ code, message }) => `${code}: ${message}`)] };
}

describe("a key in a PKCS #11 token", () => {
  it("is there", () => {
    expect(existsSync(softhsm)).toBe(true);
  });

  it.each(hashAlgorithms)("signs with RSA and %s, in both paddings", async (hash) => {
    const opened = await open(uriOf("release"));
    expect([opened.found, opened.signer?.name, opened.signer?.key.kind]).toEqual([[], "release", "rsa"]);
    expect(await sign(opened, hash)).toEqual({ size: 256, found: [] });
    expect(await sign(opened, hash, "pss")).toEqual({ size: 256, found: [] });
  });

  it.each([
    ["ec256", 64],
    ["ec384", 96],
  ])("signs with ECDSA %s", async (label, size) => {
    expect(await sign(await open(uriOf(label)), "sha384")).toEqual({ size, found: [] });
  });

  it("takes its PIN from the URI's file, a named file or the environment", async () => {
    for (const more of [{ pin: "1234" }, { passphraseFile: "pin" }])
      expect(await sign(await open(uriOf("release", ""), more))).toEqual({ size: 256, found: [] });
    expect((await open(uriOf("release", ""))).found).toEqual([expect.stringContaining("XI6012")]);
    expect((await open(uriOf("release", "&pin-source=nowhere"))).found).toEqual([expect.stringContaining("XI6025")]);
  });

  it("XI6011: is refused with a wrong PIN, after one try", async () => {
    const { found } = await sign(await open(uriOf("release", ""), { pin: "4321" }));
    expect(found).toEqual(['XI6011: cannot use the key "board/release": its PIN is wrong']);
  });

  it.each([
    ["of a label that is not there", "nobody", "has 0 public keys"],
    ["whose public half is not there", "gone", "has 0 public keys"],
    ["of a label that two have", "twice", "has 2 public keys"],
    ["that is too short", "short", "it has 1024 bits"],
  ])("XI6011: is refused if it is one %s", async (_, label, reason) => {
    expect((await open(uriOf(label))).found).toEqual([expect.stringMatching(new RegExp(`^XI6011: .*${reason}`))]);
  });

  it("XI6011: is refused where the private half is not there: no other key signs in its place", async () => {
    const { size, found } = await sign(await open(uriOf("half")));
    expect([size, found]).toEqual([undefined, [expect.stringContaining("not the private one")]]);
  });

  it("is told from another of its label by its ID", async () => {
    const uri = `pkcs11:token=board;object=twice;id=%06;type=private?module-path=${softhsm}&pin-source=${folder}/pin`;
    expect(await sign(await open(uri))).toEqual({ size: 64, found: [] });
  });

  it("XI6011: is refused without its token or its module", async () => {
    const token = await open(uriOf("release").replace("token=board", "token=other"));
    expect(token.found).toEqual([expect.stringContaining('there is no token "other"')]);
    const module = await open(uriOf("release").replace(softhsm, "/nowhere.so"));
    expect(module.found).toEqual([expect.stringContaining('"/nowhere.so" is no PKCS #11 module')]);
  });

  it("XI7201: needs pkcs11-tool, and names its package", async () => {
    expect((await open(uriOf("release"), { path: "/nowhere" })).found).toEqual([expect.stringContaining("XI7201")]);
  });

  it("has the public key that OpenSSL reads from it", async () => {
    const { signer } = await open(uriOf("release"));
    const out = join(folder, "release.der");
    pkcs11("--read-object", "--type", "pubkey", "--id", "02", "--output-file", out);
    const key = createPublicKey(execFileSync("openssl", ["pkey", "-pubin", "-inform", "DER", "-in", out]));
    const { n = "" } = key.export({ format: "jwk" });
    expect(signer?.key).toHaveProperty("modulus", new Uint8Array(Buffer.from(n, "base64url")));
  });
});

describe("a PKCS #11 URI", () => {
  const good = "pkcs11:token=a%20b;object=release?module-path=/m.so";
  it("names token, key, module and the file of the PIN", () => {
    const named = { token: "a b", object: "release", module: "/m.so" };
    expect(parsePkcs11Uri(good)).toEqual(named);
    for (const pin of ["/run/pin", "file:/run/pin", "file:///run/pin"])
      expect(parsePkcs11Uri(`${good}&pin-source=${pin}`)).toEqual({ ...named, pinFile: "/run/pin" });
    expect(parsePkcs11Uri(good.replace(";", ";id=%0aB%ff;"))).toEqual({ ...named, id: "0a42ff" });
  });

  it.each([
    ["pkcs11:", "it lacks token, object, module-path"],
    ["pkcs11:token=a;object=b", "it lacks module-path"],
    [`${good}&pin-value=1234`, "a PIN in it would be seen"],
    [`${good}&pin-source=|cat`, "its pin-source is no file"],
    [`${good}&pin-source=file://host/pin`, "its pin-source is no file"],
    [`${good}&module-path=/n.so`, 'it has "module-path" twice'],
    [`${good}?x`, "more than one question mark"],
    [good.replace("object", "manufacturer=x;object"), 'an attribute "manufacturer"'],
    [good.replace("release", "my%20key"), "its name, by which loaders find the key"],
    [good.replace("a%20b", "%ff"), 'its "token" is not percent-encoded'],
    [good.replace("object", "type=cert;object"), 'its type is not "private"'],
    [good.replace("object", "id=%0;object"), 'its "id" is not percent-encoded'],
  ])("XI6024: is refused as %s, without a PIN in what is said", async (uri, reason) => {
    const { found } = await open(uri);
    expect(found).toEqual([expect.stringContaining(`XI6024: cannot use the PKCS #11 URI: `)]);
    expect([found[0]?.includes(reason), found[0]?.includes("1234")]).toEqual([true, false]);
  });

  test.prop([fc.string()])("of any text is read or refused", (text) => {
    expect(["string", "object"]).toContain(typeof parsePkcs11Uri(`pkcs11:${text}`));
  });
});
