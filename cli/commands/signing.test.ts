import type { KeyObject } from "node:crypto";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { deviceTree, encode, node, property, strings } from "dtc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import { main } from "../program.ts";
import type { Finished } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-signing-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a command line; `typed` stands for a terminal at which somebody types that. */
async function call(args: readonly string[], env: Record<string, string> = {}, typed?: string): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    ...(typed !== undefined && { isTTY: true, setRawMode: (on: boolean) => raw.push(on) }),
  });
  if (typed !== undefined) stdin.write(typed);
  const exitCode = await main(args, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    stdin,
    env,
    cwd: folder,
    interactive: typed !== undefined,
  });
  // Whoever switched echo off has switched it on again.
  expect(raw.filter(Boolean).length).toBe(raw.filter((on) => !on).length);
  return { exitCode, stdout, stderr };
}

const write = (name: string, content: string | Uint8Array): void => {
  writeFileSync(join(folder, name), content);
};
const modeAll = property("required-mode", strings("all"));
const read = (name: string): string => readFileSync(join(folder, name), "latin1");

/** A key that keygen did not make. */
function foreignKey(name: string, passphrase?: string): void {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const protection = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  write(`${name}.key`, privateKey.export({ type: "pkcs8", format: "pem", ...protection }));
  write(`${name}.pub`, publicKey.export({ type: "spki", format: "pem" }));
}

/** Private numbers of a key, 12 bytes of each: as bytes, in hexadecimal, in base64 at each of its three phases. */
function secretsOf(key: KeyObject): readonly Buffer[] {
  const { d = "", p = "", q = "", dp = "" } = key.export({ format: "jwk" });
  return [d, p, q, dp].filter(Boolean).flatMap((number) => {
    const bytes = Buffer.from(number, "base64url").subarray(8, 20);
    const hex = bytes.toString("hex");
    const base64 = [0, 1, 2].map((phase) => bytes.subarray(phase, phase + 9).toString("base64"));
    return [bytes, ...[hex, hex.toUpperCase(), ...base64].map((text) => Buffer.from(text))];
  });
}

const core = ["--hypervisor", join(packageRoot, "fixtures", "files", "core.img")];
const build = (args: readonly string[], env = {}, typed?: string): Promise<Finished> =>
  call(["build", "board.ts", ...core, "-o", "out", ...args], env, typed);

beforeAll(async () => {
  copyFileSync(join(packageRoot, "fixtures", "files", "Image"), join(folder, "Image"));
  write(
    "board.ts",
    `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }),
  domains: { ui: { kernel: "Image", memory: MiB(64) } },
});
`,
  );
  foreignKey("release");
  foreignKey("locked", "correct horse");
  expect((await call(["keygen", "dev", "--type", "rsa2048"])).exitCode).toBe(0);
});

describe("keygen", () => {
  it("makes a key that only its owner can read, marked as for development", () => {
    expect(statSync(join(folder, "dev.key")).mode & 0o777).toBe(0o600);
    for (const name of ["dev.key", "dev.pub"])
      expect(read(name)).toMatch(/^xenimg development key: not for releases\n/);
  });

  it("makes the folder that the name is in", async () => {
    expect((await call(["keygen", "keys/own/dev", "--type", "rsa2048"])).exitCode).toBe(0);
    expect(read("keys/own/dev.pub")).toContain("BEGIN PUBLIC KEY");
  });

  it("encrypts it with the passphrase of the environment", async () => {
    const env = { XENIMG_KEY_PASSPHRASE: "battery staple" };
    await call(["keygen", "secret", "--type", "rsa2048"], env);
    expect(read("secret.key")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect((await build(["--format", "fit", "--sign", "secret.key"], env)).exitCode).toBe(0);
  });

  it("leaves a key open where the passphrase is empty", async () => {
    expect((await call(["keygen", "open", "--type", "rsa2048"], { XENIMG_KEY_PASSPHRASE: "" })).exitCode).toBe(0);
    expect(read("open.key")).toContain("-----BEGIN PRIVATE KEY-----");
  });

  it("XI6011: makes no key of a name that build refuses", async () => {
    const { exitCode, stderr } = await call(["keygen", "my key"]);
    expect([exitCode, stderr.includes('error XI6011: cannot use the key "my key.key": its name')]).toEqual([1, true]);
    expect(readdirSync(folder).filter((name) => name.startsWith("my key"))).toEqual([]);
  });

  it("XI6014: replaces no key, and leaves none behind without the other half", async () => {
    const before = read("dev.key");
    expect((await call(["keygen", "dev"])).stderr).toContain('error XI6014: cannot write the key "dev.pub"');
    expect(read("dev.key")).toBe(before);
    write("half.key", "");
    expect((await call(["keygen", "half", "--type", "rsa2048"])).stderr).toContain(
      'XI6014: cannot write the key "half.key"',
    );
    expect(readdirSync(folder)).not.toContain("half.pub");
  });

  it("puts a key that is there into U-Boot's device tree", async () => {
    write("u-boot.dtb", encode(deviceTree()));
    const before = read("dev.pub");
    const { exitCode, stdout } = await call(["keygen", "dev", "--uboot-dtb", "u-boot.dtb"]);
    expect([exitCode, stdout]).toEqual([0, "u-boot.dtb  requires dev.pub\n"]);
    expect(read("dev.pub")).toBe(before);
    expect((await call(["inspect", "u-boot.dtb"])).stdout).toContain("key-dev {");
  });

  it("says what U-Boot wants of an image when it has several keys", async () => {
    write("keys.dtb", encode(deviceTree()));
    expect((await call(["keygen", "dev", "--uboot-dtb", "keys.dtb"])).stdout).not.toContain("note");
    const { stdout } = await call(["keygen", "release", "--uboot-dtb", "keys.dtb"]);
    expect(stdout).toContain("note: an image signed with any of key-dev, key-release boots");
    expect((await call(["inspect", "keys.dtb"])).stdout).toContain('required-mode = "any"');
    write("all.dtb", encode(deviceTree({ children: [node("signature", { properties: [modeAll] })] })));
    await call(["keygen", "dev", "--uboot-dtb", "all.dtb"]);
    const all = await call(["keygen", "release", "--uboot-dtb", "all.dtb"]);
    expect(all.stdout).toContain('note: no image boots: required-mode is "all"');
  });

  it("XI6015: refuses a device tree that is none", async () => {
    write("broken.dtb", "text");
    const { exitCode, stderr } = await call(["keygen", "dev", "--uboot-dtb", "broken.dtb"]);
    expect([exitCode, read("broken.dtb")]).toEqual([1, "text"]);
    expect(stderr).toContain("error XI6015");
  });
});

describe("build --sign", () => {
  it("writes an image that verify proves and inspect shows", async () => {
    expect((await build(["--format", "fit", "--sign", "release.key", "--release"])).exitCode).toBe(0);
    expect(readdirSync(join(folder, "out"))).toContain("image.itb");
    const { exitCode, stdout, stderr } = await call(["verify", "out/image.itb", "--key", "release.pub"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("signed by release (RSA-2048): conf-1 with hypervisor, device tree and modules");
    expect((await call(["inspect", "out/image.itb"])).stdout).toContain("signed: sha256,rsa2048, release");
  });

  it("makes the same bytes each time", async () => {
    const args = ["--format", "fit", "--sign", "release.key", "--hash", "sha512"];
    await build(args);
    const first = read("out/image.itb");
    await build(args);
    expect(read("out/image.itb") === first).toBe(true);
  });

  it.each([
    ["the environment", { XENIMG_KEY_PASSPHRASE: "correct horse" }, undefined],
    ["the terminal", {}, "correct horze\u007f\u007fse\r"],
  ])("takes an encrypted key's passphrase from %s, and shows it nowhere", async (_, env, typed) => {
    const { exitCode, stdout, stderr } = await build(["--format", "fit", "--sign", "locked.key"], env, typed);
    expect([exitCode, (stdout + stderr).includes("horse")]).toEqual([0, false]);
    expect((await call(["verify", "out/image.itb", "--key", "locked.pub"])).exitCode).toBe(0);
  });

  it("takes the passphrase from a file, its first line, before the environment's", async () => {
    write("passphrase", "correct horse\n");
    const args = ["--format", "fit", "--sign", "locked.key", "--passphrase-file", "passphrase"];
    expect((await build(args, { XENIMG_KEY_PASSPHRASE: "wrong" })).exitCode).toBe(0);
    write("passphrase", "wrong");
    expect((await build(args)).stderr).toContain("the passphrase is wrong");
  });

  it.each([
    ["is empty", "\n", "its first line is empty"],
    ["has more than one line", "correct horse\nbattery\n", "it has more than one line"],
    ["is not there", undefined, "no such file"],
  ])("XI6025: refuses a passphrase file that %s", async (_, content, reason) => {
    rmSync(join(folder, "odd"), { force: true });
    if (content !== undefined) write("odd", content);
    const { exitCode, stderr } = await build(["--format", "fit", "--sign", "locked.key", "--passphrase-file", "odd"]);
    expect([exitCode, stderr.includes("battery")]).toEqual([1, false]);
    expect(stderr).toMatch(new RegExp(`error XI6025: cannot read a passphrase from "odd": ${reason}`));
  });

  it.each([
    ["p256", [], "sha256,ecdsa256", "ECDSA P-256"],
    ["p384", ["--hash", "sha384"], "sha384,ecdsa384", "ECDSA P-384"],
    ["rsa2048", ["--padding", "pss"], "sha256,rsa2048 with PSS", "RSA-2048 with PSS"],
  ])(
    "XI6021: says that the board's loader does not verify %s, and verify proves it",
    async (type, args, shown, kind) => {
      const name = `kind-${type}`;
      expect((await call(["keygen", name, "--type", type])).exitCode).toBe(0);
      const { exitCode, stderr } = await build(["--format", "fit", "--sign", `${name}.key`, ...args]);
      expect(exitCode).toBe(0);
      expect(stderr).toContain(`warning XI6021: the loader of qemu-virt does not verify ${kind}`);
      expect((await call(["inspect", "out/image.itb"])).stdout).toContain(`signed: ${shown}, ${name}`);
      expect((await call(["verify", "out/image.itb", "--key", `${name}.pub`])).exitCode).toBe(0);
    },
  );

  it("does not warn where the board's loader does verify it", async () => {
    write("board-pss.ts", read("board.ts").replace(/board: (.*),\n/, 'board: { ...$1, signatures: ["rsa-pss"] },\n'));
    const args = ["build", "board-pss.ts", ...core, "-o", "out", "--format", "fit", "--sign", "release.key"];
    expect((await call([...args, "--padding", "pss"])).stderr).toBe("");
    expect((await call(args)).stderr).toContain("warning XI6021: the loader of qemu-virt does not verify RSA-2048\n");
  });

  it.each([
    ["--external-data", []],
    ["--data-align", ["0x1000"]],
    ["--data-position", ["0x10000"]],
  ])("with %s puts the files behind the tree, and verify proves it", async (option, value) => {
    expect((await build(["--format", "fit", "--sign", "release.key", option, ...value])).exitCode).toBe(0);
    const fit = Buffer.from(read("out/image.itb"), "latin1");
    expect(fit.readUInt32BE(4)).toBeLessThan(0x2000);
    expect((await call(["verify", "out/image.itb", "--key", "release.pub"])).exitCode).toBe(0);
    const { stderr } = await build([option, ...value]);
    expect(stderr).toContain(`XI6013: ${option} places nothing without --format fit`);
  });

  it("XI6030: refuses a position within the tree, and what is no position or alignment", async () => {
    const { exitCode, stderr } = await build(["--format", "fit", "--data-position", "64"]);
    expect([exitCode, /error XI6030: --data-position 64 lies within the FIT's own \d+ bytes/.test(stderr)]).toEqual([
      1,
      true,
    ]);
    for (const [option, value] of [
      ["--data-align", "12"],
      ["--data-align", "2"],
      ["--data-align", "2097152"],
      ["--data-position", "3"],
      ["--data-position", "1e12"],
    ] as const)
      expect([value, (await build(["--format", "fit", option, value])).exitCode]).toEqual([value, 2]);
  });

  it("XI6020: refuses a padding for ECDSA", async () => {
    await call(["keygen", "ec", "--type", "p256"]);
    const { exitCode, stderr } = await build(["--format", "fit", "--sign", "ec.key", "--padding", "pss"]);
    expect([exitCode, stderr.includes('error XI6020: --padding pss is for RSA, and "ec" is ECDSA P-256')]).toEqual([
      1,
      true,
    ]);
  });

  it.each([
    ["release.key", []],
    ["locked.key", ["--passphrase-file", "phrase"]],
    ["ec-leak.key", []],
  ])("has no part of %s in any output, nor in what it says", async (file, args) => {
    if (file === "ec-leak.key") await call(["keygen", "ec-leak", "--type", "p384"]);
    write("phrase", "correct horse");
    const { stdout, stderr } = await build(["--format", "raw,fit", "--sign", file, ...args]);
    const secrets = secretsOf(createPrivateKey({ key: read(file), passphrase: "correct horse" }));
    expect(secrets.length).toBeGreaterThan(0);
    const files = readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    const texts = files.map((each) => [each.name, readFileSync(join(each.parentPath, each.name))] as const);
    for (const [name, bytes] of [...texts, ["what it says", Buffer.from(stdout + stderr)] as const])
      expect([name, secrets.filter((secret) => bytes.includes(secret))]).toEqual([name, []]);
  });

  it("XI6016: refuses a development key for a release, whoever signs with it", async () => {
    await call(["keygen", "dev-ec", "--type", "p256"]);
    const command = join(folder, "openssl-sign");
    write("openssl-sign", "#!/bin/sh\nopenssl pkeyutl -sign -inkey dev-ec.key -pkeyopt digest:$XENIMG_SIGN_HASH\n");
    chmodSync(command, 0o755);
    const args = ["--format", "fit", "--sign", "dev-ec.pub", "--sign-command", command];
    const env = { PATH: process.env["PATH"] ?? "" };
    expect((await build(args, env)).exitCode).toBe(0);
    expect((await call(["verify", "out/image.itb", "--key", "dev-ec.pub"])).stderr).toContain("warning XI6109");
    const { exitCode, stderr } = await build([...args, "--release"], env);
    expect([exitCode, stderr.includes('error XI6016: "dev-ec.pub" is a development key')]).toEqual([1, true]);
    const encrypted = { XENIMG_KEY_PASSPHRASE: "x" };
    await call(["keygen", "dev-locked", "--type", "rsa2048"], encrypted);
    const locked = await build(["--format", "fit", "--sign", "dev-locked.key", "--release"], encrypted);
    expect(locked.stderr).toContain("error XI6016");
  });

  it("ends with 3 and writes nothing where the signing command fails or lies", async () => {
    for (const [command, code] of [
      ["/bin/false", "XI6022"],
      ["/bin/cat", "XI6023"],
    ] as const) {
      rmSync(join(folder, "nothing"), { recursive: true, force: true });
      const args = ["--format", "fit", "--sign", "release.pub", "--sign-command", command, "-o", "nothing"];
      const { exitCode, stdout, stderr } = await build(args);
      expect([exitCode, stdout, stderr.includes(`error ${code}`)]).toEqual([3, "", true]);
      expect(readdirSync(folder)).not.toContain("nothing");
    }
  });

  const rsa1024 = (): string =>
    String(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs8", format: "pem" }));
  const secp256k1 = (): string =>
    String(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey.export({ type: "pkcs8", format: "pem" }));
  const ed25519 = (): string =>
    String(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));

  it.each([
    ["is not there", undefined, "no such file"],
    ["is no PEM file", () => "text", "no private key in PEM form"],
    ["is a public key", () => read("release.pub"), "no private key in PEM form"],
    ["is damaged", () => read("release.key").replace(/^MII.{40}/m, "MIIB"), "it is damaged"],
    ["is too short", rsa1024, "it has 1024 bits"],
    ["is on a curve that FITs do not know", secp256k1, 'its curve is "secp256k1"'],
    ["is neither RSA nor ECDSA", ed25519, 'a key of the kind "ed25519"'],
    ["has no end", () => "A".repeat(70_000), "longer than any key"],
  ])("XI6011: refuses a key that %s", async (_, content, reason) => {
    if (content) write("odd.key", content());
    else rmSync(join(folder, "odd.key"), { force: true });
    const { exitCode, stderr } = await build(["--format", "fit", "--sign", "odd.key"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`error XI6011: cannot use the key "odd.key": .*${reason}`));
  });

  it("XI6011: refuses a key whose name no loader could find, and a wrong passphrase", async () => {
    copyFileSync(join(folder, "release.key"), join(folder, "a key.key"));
    expect((await build(["--format", "fit", "--sign", "a key.key"])).stderr).toContain("error XI6011");
    const wrong = await build(["--format", "fit", "--sign", "locked.key"], { XENIMG_KEY_PASSPHRASE: "wrong" });
    expect(wrong.stderr).toContain("the passphrase is wrong");
  });

  it("XI6012: refuses an encrypted key without a passphrase, and whoever gives up", async () => {
    for (const typed of [undefined, "corr\u0003"]) {
      const { exitCode, stderr } = await build(["--format", "fit", "--sign", "locked.key"], {}, typed);
      expect([exitCode, stderr.includes("error XI6012")]).toEqual([1, true]);
    }
  });

  it("XI6013: refuses to sign nothing", async () => {
    expect((await build(["--release"])).stderr).toContain("XI6013: --release signs nothing without --sign KEY");
    for (const option of ["--padding", "--sign-command", "--passphrase-file"])
      expect((await build([option, "pss"])).stderr).toContain(`XI6013: ${option} signs nothing without --sign KEY`);
    for (const hash of ["sha256", "sha512"])
      expect((await build(["--hash", hash])).stderr).toContain("XI6013: --hash hashes nothing without --format fit");
  });

  it("XI6013: refuses a release with an image that nothing signs", async () => {
    const { exitCode, stderr } = await build(["--format", "raw,fit", "--sign", "release.key", "--release"]);
    expect([exitCode, stderr.includes("XI6013: --release leaves image.bin of --format raw unsigned")]).toEqual([
      1,
      true,
    ]);
    const script = await build(["--format", "script,fit", "--sign", "release.key", "--release"]);
    expect(script.stderr).toContain("XI6013: --release leaves the files of --format script unsigned");
    expect((await build(["--format", "raw,fit", "--sign", "release.key"])).exitCode).toBe(0);
    expect(readdirSync(join(folder, "out"))).toEqual(expect.arrayContaining(["image.bin", "image.itb"]));
  });

  it("asks for no passphrase where only a comment says ENCRYPTED", async () => {
    write("noted.key", `was ENCRYPTED\n${read("release.key")}`);
    expect((await build(["--format", "fit", "--sign", "noted.key"])).exitCode).toBe(0);
  });

  it("takes the older form of an encrypted key", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const protection = { cipher: "aes-256-cbc", passphrase: "old" };
    write("older.key", privateKey.export({ type: "pkcs1", format: "pem", ...protection }));
    expect((await build(["--format", "fit", "--sign", "older.key"])).stderr).toContain("error XI6012");
    const env = { XENIMG_KEY_PASSPHRASE: "old" };
    expect((await build(["--format", "fit", "--sign", "older.key"], env)).exitCode).toBe(0);
  });

  it("XI6012: takes an empty passphrase for none", async () => {
    const { stderr } = await build(["--format", "fit", "--sign", "locked.key"], { XENIMG_KEY_PASSPHRASE: "" });
    expect(stderr).toContain("error XI6012");
  });

  it("XI6016: refuses a development key for a release, and marks what it signs", async () => {
    const args = ["--format", "fit", "--sign", "dev.key"];
    expect((await build([...args, "--release"])).stderr).toContain('error XI6016: "dev.key" is a development key');
    expect((await build(args)).exitCode).toBe(0);
    const { exitCode, stderr } = await call(["verify", "out/image.itb", "--key", "dev.pub"]);
    expect([exitCode, stderr.includes("warning XI6109")]).toEqual([0, true]);
  });
});

describe("verify", () => {
  const verify = (file: string, key = "release.pub"): Promise<Finished> => call(["verify", file, "--key", key]);

  it("XI6101: refuses what is no FIT", async () => {
    for (const file of ["nowhere.itb", "board.ts", "u-boot.dtb"]) {
      const { exitCode, stdout, stderr } = await verify(file);
      expect([exitCode, stdout, stderr.includes("error XI6101")]).toEqual([1, "", true]);
    }
  });

  it("XI6102: refuses a FIT that was cut short", async () => {
    await build(["--format", "fit", "--sign", "release.key"]);
    write("short.itb", readFileSync(join(folder, "out", "image.itb")).subarray(0, -1));
    expect((await verify("short.itb")).stderr).toContain('error XI6102: "short.itb" is not in the form');
  });

  it("XI6011: refuses a private key, and what is no key", async () => {
    expect((await verify("out/image.itb", "release.key")).stderr).toContain("it is a private key");
    expect((await verify("out/image.itb", "board.ts")).stderr).toContain("no public key in PEM form");
  });
});
