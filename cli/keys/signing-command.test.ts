import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome, RsaPadding } from "../../compiler/index.ts";
import { commandSigner } from "./signing-command.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-command-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const names = ["rsa", "other", "p256", "p384"] as const;
beforeAll(() => {
  for (const name of names) {
    const { publicKey, privateKey } = name.startsWith("p")
      ? generateKeyPairSync("ec", { namedCurve: name === "p256" ? "P-256" : "P-384" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(join(folder, `${name}.key`), privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(join(folder, `${name}.pub`), publicKey.export({ type: "spki", format: "pem" }));
  }
});

/** A program of a few lines of shell. */
function program(lines: string): string {
  const path = join(folder, "sign");
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}

interface Answer {
  readonly signed: Outcome<Uint8Array>;
  readonly said: string;
}

/** What comes of a message that a program signs for a key. */
async function sign(
  command: string,
  { key = "rsa", padding, seconds }: { key?: string; padding?: RsaPadding; seconds?: number } = {},
): Promise<Answer> {
  let said = "";
  const { value: signer } = await commandSigner(
    command,
    `${key}.pub`,
    {
      stdout: () => undefined,
      stderr: (text) => (said += text),
      stdin: new PassThrough(),
      env: { PATH: process.env["PATH"] },
      cwd: folder,
      interactive: false,
    },
    seconds,
  );
  if (signer === undefined) throw new Error("no signer");
  return { signed: await signer.sign("sha256", Buffer.from("message"), padding), said };
}

const openssl = (key: string, more = ""): string =>
  `openssl pkeyutl -sign -inkey ${key}.key -pkeyopt digest:$XENIMG_SIGN_HASH ${more}`;
const codes = ({ diagnostics }: Outcome<unknown>): readonly string[] =>
  diagnostics.map(({ code, message }) => `${code}: ${message}`);

describe("a signing command", () => {
  it("gets the hash and gives an RSA signature", async () => {
    const { signed, said } = await sign(program(openssl("rsa")));
    expect([signed.value?.length, signed.diagnostics, said]).toEqual([256, [], ""]);
  });

  it("signs with PSS, whatever the length of its salt", async () => {
    for (const salt of ["max", "digest"]) {
      const script = program(openssl("rsa", `-pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:${salt}`));
      expect((await sign(script, { padding: "pss" })).signed.diagnostics).toEqual([]);
    }
  });

  it.each([
    ["p256", 64],
    ["p384", 96],
  ])("gives the DER of ECDSA on %s, which becomes r and s in a row", async (key, size) => {
    const script = program(openssl(key));
    // Of eight, some have an r or s that begins with a set bit, or is shorter.
    for (let times = 0; times < 8; times += 1)
      expect((await sign(script, { key })).signed).toEqual({
        value: expect.any(Uint8Array) as unknown,
        diagnostics: [],
      });
    expect((await sign(script, { key })).signed.value?.length).toBe(size);
  });

  it("is told what to do in its environment, and takes arguments that end at spaces", async () => {
    const script = program(
      'echo "$XENIMG_SIGN_KEY $XENIMG_SIGN_HASH $XENIMG_SIGN_ALGORITHM|$1|$2" > told; wc -c >> told',
    );
    const told = (): string => readFileSync(join(folder, "told"), "utf8");
    await sign(`${script} --slot  $HOME`, { padding: "pss" });
    expect(told()).toBe("rsa sha256 rsa-pss|--slot|$HOME\n32\n");
    await sign(script);
    expect(told()).toContain("rsa sha256 rsa-pkcs1");
    await sign(script, { key: "p256" });
    expect(told()).toContain("p256 sha256 ecdsa");
  });

  it.each([
    ["signs with another key", openssl("other"), "rsa"],
    ["hashes once more", "openssl dgst -sha256 -sign rsa.key", "rsa"],
    ["gives nothing", "cat > /dev/null", "rsa"],
    ["gives the hash back", "cat", "rsa"],
    ["gives text", "echo ok", "p256"],
    ["gives DER that is none", "printf '0\\006\\002\\001\\000\\002\\001\\000'", "p256"],
    ["gives DER that is cut short", `${openssl("p256")} | head -c 40`, "p256"],
  ])("XI6023: that %s is found out", async (_, lines, key) => {
    const { signed } = await sign(program(lines), { key });
    expect([signed.value, codes(signed)]).toEqual([
      undefined,
      [`XI6023: the signing command "${folder}/sign" gave a signature that is not by the key "${key}"`],
    ]);
  });

  it("XI6022: that fails is named with its exit code, and heard out without its escapes", async () => {
    const { signed, said } = await sign(program(String.raw`printf 'no card\nin slot \033[31m3' >&2; exit 7`));
    expect(codes(signed)).toEqual([`XI6022: "${folder}/sign" did not sign: exit code 7`]);
    expect(said).toBe("  no card\n  in slot \\u001b[31m3\n");
  });

  it.each([
    ["is not there", "/nowhere/sign", "there is no such program"],
    ["is empty", "", "The argument 'file' cannot be empty"],
  ])("XI6022: that %s", async (_, command, reason) => {
    expect(codes((await sign(command)).signed)).toEqual([expect.stringContaining(`did not sign: ${reason}`)]);
  });

  it("XI6022: that is killed, cannot be run, or never stops to speak", async () => {
    expect(codes((await sign(program("kill -9 $$"))).signed)).toEqual([expect.stringContaining("killed by SIGKILL")]);
    expect(codes((await sign(folder)).signed)).toEqual([expect.stringContaining("permission denied")]);
    const endless = await sign(program("yes"));
    expect(codes(endless.signed)).toEqual([expect.stringContaining("more than 4096 bytes")]);
    const loud = await sign(program(`yes >&2 & sleep 1; kill $!; exit 1`));
    expect(loud.said.length).toBeLessThan(16_384);
  });

  it("XI6022: that does not end is ended, and its children are not waited for", async () => {
    const { signed } = await sign(program("sleep 1000; true"), { seconds: 1 });
    expect(codes(signed)).toEqual([expect.stringContaining("it had not ended after 1 s")]);
  });
});
