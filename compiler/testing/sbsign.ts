import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pemOf } from "./certificates.ts";
import type { TestCertificate } from "./certificates.ts";

/** Runs a program of Debian's sbsigntool, the yardstick of signed PEs, beside these files. */
function run(
  program: string,
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
): { readonly ok: boolean; readonly output: string; readonly made: Uint8Array | undefined } {
  const folder = mkdtempSync(join(tmpdir(), "xenimg-sbsign-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    if (error) throw error;
    const made = args.includes("made.efi") ? new Uint8Array(readFileSync(join(folder, "made.efi"))) : undefined;
    return { ok: status === 0, output: stdout + stderr, made };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether sbverify takes the certificate for the image's, and its words. */
export function sbverify(
  image: Uint8Array,
  certificate: Uint8Array,
): { readonly ok: boolean; readonly output: string } {
  return run("sbverify", ["--cert", "c.pem", "image.efi"], { "image.efi": image, "c.pem": pemOf(certificate) });
}

/** What `sbverify --list` says of an image. */
export const sbverifyList = (image: Uint8Array): string =>
  run("sbverify", ["--list", "image.efi"], { "image.efi": image }).output;

/** The image as sbsign signs it; an image that is signed gets another signature. */
export function sbsign(image: Uint8Array, { key, der }: TestCertificate): Uint8Array {
  const { ok, output, made } = run(
    "sbsign",
    ["--key", "k.pem", "--cert", "c.pem", "--output", "made.efi", "image.efi"],
    { "image.efi": image, "k.pem": key.privateKey.export({ type: "pkcs8", format: "pem" }), "c.pem": pemOf(der) },
  );
  if (!ok || made === undefined) throw new Error(output);
  return made;
}
