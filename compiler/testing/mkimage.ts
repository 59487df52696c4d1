import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestKey } from "./keys.ts";

/** Runs a program of Debian's u-boot-tools on a file: the yardstick of the FIT's tests. */
function run(program: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}): string {
  const env = { ...process.env, ...variables };
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000, env });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status ?? "a signal"}: ${stdout}${stderr}`);
  return stdout;
}

/** The files of one call, gone after it. */
function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "xenimg-mkimage-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `mkimage -l` says of an image. */
export const mkimageList = (fit: Uint8Array): string =>
  inFolder((folder) => {
    writeFileSync(join(folder, "image.itb"), fit);
    return run("mkimage", ["-l", join(folder, "image.itb")]);
  });

/** An image's data, as dumpimage takes it out. */
export const dumpimage = (fit: Uint8Array, position: number): Uint8Array =>
  inFolder((folder) => {
    writeFileSync(join(folder, "image.itb"), fit);
    run("dumpimage", ["-T", "flat_dt", "-p", String(position), "-o", join(folder, "data"), join(folder, "image.itb")]);
    return new Uint8Array(readFileSync(join(folder, "data")));
  });

/** A boot.scr of a script, as mkimage makes it at a moment. */
export const mkimageScript = (script: Uint8Array, name: string, seconds: number): Uint8Array =>
  inFolder((folder) => {
    writeFileSync(join(folder, "boot.cmd"), script);
    const files = ["-d", join(folder, "boot.cmd"), join(folder, "boot.scr")];
    run("mkimage", ["-A", "arm64", "-T", "script", "-C", "none", "-n", name, ...files], {
      SOURCE_DATE_EPOCH: String(seconds),
    });
    return new Uint8Array(readFileSync(join(folder, "boot.scr")));
  });

/** The image with its files behind it, where mkimage puts them. */
export const mkimageExternal = (fit: Uint8Array, options: readonly string[]): Uint8Array =>
  inFolder((folder) => {
    writeFileSync(join(folder, "image.itb"), fit);
    run("mkimage", ["-F", "-E", ...options, join(folder, "image.itb")]);
    return new Uint8Array(readFileSync(join(folder, "image.itb")));
  });

/** The image signed again by mkimage, and what it writes into U-Boot's control device tree. */
export const mkimageSign = (
  fit: Uint8Array,
  { name, privateKey }: TestKey,
  control: Uint8Array,
): { readonly fit: Uint8Array; readonly control: Uint8Array } =>
  inFolder((folder) => {
    const path = (file: string): string => join(folder, file);
    writeFileSync(path("image.itb"), fit);
    writeFileSync(path("control.dtb"), control);
    const pem = privateKey.export({ type: "pkcs8", format: "pem" });
    // An RSA key comes with a certificate, an ECDSA key alone, as .pem.
    writeFileSync(path(privateKey.asymmetricKeyType === "rsa" ? `${name}.key` : `${name}.pem`), pem);
    if (privateKey.asymmetricKeyType === "rsa")
      run("openssl", ["req", "-batch", "-new", "-x509", "-key", path(`${name}.key`), "-out", path(`${name}.crt`)]);
    run("mkimage", ["-F", "-k", folder, "-K", path("control.dtb"), "-r", path("image.itb")]);
    return {
      fit: new Uint8Array(readFileSync(path("image.itb"))),
      control: new Uint8Array(readFileSync(path("control.dtb"))),
    };
  });
