import { createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificate, pemOf } from "../../compiler/testing/certificates.ts";
import { signedEfi } from "../../compiler/testing/signed-pe.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimgWith } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-authenticode-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);

const call = (args: readonly string[], env: Record<string, string> = {}): Promise<Finished> =>
  xenimgWith(env, folder, args);

const inTime = { SOURCE_DATE_EPOCH: String(Date.UTC(2026, 0, 1) / 1000) };
const verify = (key: string, env: Record<string, string> = inTime): Promise<Finished> =>
  call(["verify", "image.efi", "--key", key], env);

const authority = await certificate({ name: "authority", constraints: { cA: true } });
const signer = await certificate({ name: "signer", issuer: authority });

beforeAll(async () => {
  writeFileSync(path("image.efi"), await signedEfi(signer, authority));
  for (const each of [authority, signer]) {
    writeFileSync(path(`${each.name}.crt`), pemOf(each.der));
    const jwk = each.key.privateKey.export({ format: "jwk" });
    const pem = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
    writeFileSync(path(`${each.name}.pub`), pem);
  }
});

describe("keygen", () => {
  it("makes a certificate that the key signs for itself, marked as for development, in both of its forms", async () => {
    const { exitCode, stdout } = await call(["keygen", "dev", "--type", "rsa2048"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("dev.pub\ndev.crt\ndev.cer\n")]);
    const pem = readFileSync(path("dev.crt"), "latin1");
    expect(pem).toMatch(/^xenimg development key: not for releases\n/);
    const made = new X509Certificate(pem);
    expect(made.subject).toBe("OU=xenimg development key: not for releases\nCN=dev");
    const key = createPublicKey(readFileSync(path("dev.pub")));
    expect([made.verify(key), made.ca]).toEqual([true, false]);
    expect(made.raw.equals(readFileSync(path("dev.cer")))).toBe(true);
  });
});

describe("build of image.efi", () => {
  const build = (...args: readonly string[]): Promise<Finished> => {
    writeFileSync(path("board.ts"), "export default {};");
    return call(["build", "board.ts", "--hypervisor", "core.img", ...args]);
  };

  it.each([
    [
      ["--format", "uefi", "--sign", "k.key"],
      "--sign wants --cert CERT for image.efi, such as the NAME.crt of keygen: firmware trusts certificates",
    ],
    [["--format", "fit", "--sign", "k.key", "--cert", "k.crt"], "--cert means nothing without --format uefi"],
    [["--format", "uefi", "--cert", "k.crt"], "--cert signs nothing without --sign KEY"],
  ])("XI6013: refuses %s", async (args, words) => {
    expect((await build(...args)).stderr).toContain(`error XI6013: ${words}`);
  });
});

describe("build --release of image.efi", () => {
  const release = async (key: string, crt: string): Promise<string> => {
    writeFileSync(path("board.ts"), "export default {};");
    const args = ["board.ts", "--format", "uefi", "--sign", key, "--cert", crt, "--release", "-o", "never"];
    const { exitCode, stdout, stderr } = await call(["build", ...args], inTime);
    expect([exitCode, stdout]).toEqual([1, ""]);
    return stderr;
  };
  /** Without the line that says what it is for. */
  const unmarked = (name: string, as: string): void => {
    writeFileSync(path(as), readFileSync(path(name), "latin1").replace(/^xenimg development key.*\n/, ""));
  };

  it("XI6016: refuses a development key's certificate, also where the key does not say what it is", async () => {
    await call(["keygen", "kept", "--type", "rsa2048"]);
    expect(await release("kept.key", "kept.crt")).toContain('error XI6016: "kept.key"');
    unmarked("kept.key", "plain.key");
    expect(await release("plain.key", "kept.crt")).toContain('error XI6016: "kept.crt"');
    // The mark is inside of what is signed, not only above it.
    unmarked("kept.crt", "plain.crt");
    expect(await release("plain.key", "plain.crt")).toContain('error XI6016: "plain.crt"');
  });

  it("takes a certificate that is not marked: what it says next is about the configuration", async () => {
    writeFileSync(path("signer.key"), signer.key.privateKey.export({ type: "pkcs8", format: "pem" }));
    const stderr = await release("signer.key", "signer.crt");
    expect(stderr).not.toContain("XI6016");
    // No stub where the core was never built; else what a configuration lacks.
    expect(stderr).toMatch(/error XI(6201|1\d{3})/);
  });
});

describe("verify of a PE", () => {
  it.each(["signer.pub", "authority.pub", "authority.crt"])("proves it by %s, and says who signed", async (key) => {
    const { exitCode, stdout, stderr } = await verify(key);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("signed by CN=signer: 4 sections");
    expect(stdout).toContain("whose certificate is issued by CN=authority");
  });

  it("XI6245: refuses it by another's", async () => {
    await call(["keygen", "other", "--type", "rsa2048"]);
    for (const key of ["other.pub", "other.crt"]) {
      const { exitCode, stdout, stderr } = await verify(key);
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("error XI6245");
    }
  });

  it("XI6232: judges certificates by SOURCE_DATE_EPOCH, else by the clock", async () => {
    const late = await verify("authority.pub", { SOURCE_DATE_EPOCH: String(Date.UTC(2031, 0, 1) / 1000) });
    expect([late.exitCode, late.stderr.includes("and it is 2031-01-01T00:00:00Z")]).toEqual([1, true]);
    // Whatever year it is, "not before 2020" holds.
    expect((await verify("authority.pub", {})).stderr).not.toContain("1970");
  });

  it("XI6303: takes no SOURCE_DATE_EPOCH that is no time", async () => {
    const { exitCode, stderr } = await verify("authority.pub", { SOURCE_DATE_EPOCH: "yesterday" });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('XI6303: SOURCE_DATE_EPOCH is "yesterday"')]);
  });

  it("XI6230: takes no file of certificates that it cannot use", async () => {
    writeFileSync(path("both.crt"), pemOf(signer.der) + pemOf(authority.der));
    writeFileSync(path("broken.crt"), pemOf(signer.der.subarray(0, 300)));
    expect((await verify("both.crt")).stderr).toContain("it holds several, and one has to be trusted");
    expect((await verify("broken.crt")).stderr).toContain(
      'XI6230: cannot use the certificate "broken.crt": it is damaged',
    );
  });

  it("XI6102: refuses what is no PE that firmware loads", async () => {
    const bytes = readFileSync(path("image.efi"));
    writeFileSync(path("cut.efi"), bytes.subarray(0, bytes.length - 8));
    const { exitCode, stderr } = await call(["verify", "cut.efi", "--key", "signer.pub"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("error XI6102")]);
  });
});
