import { resolve } from "node:path";
import { diagnose, readDisk, readPe } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import { readPublicKey } from "../keys/public-key.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { refused } from "./proof.ts";
import type { Proof } from "./proof.ts";
import { report } from "./system.ts";
import { verifyDisk } from "./verify-disk.ts";
import { verifyEfi } from "./verify-efi.ts";
import { verifyFitFile } from "./verify-fit.ts";
import { isManifest, verifyManifest } from "./verify-manifest.ts";
import { verifyRawFile } from "./verify-raw.ts";

/** One of them at least, but for an image.bin, which nobody signs. */
export interface VerifyOptions {
  readonly key?: string;
  /** Whom a PE leads to; left out: whom `key` says. */
  readonly cert?: string;
  readonly manifest?: string;
}

/**
 * Proves an image, or a whole output folder by its manifest, from the public key or a certificate alone; of a disk, also
 * that its files are a manifest's.
 */
export async function verify(file: string, options: VerifyOptions, surroundings: Surroundings): Promise<number> {
  const { diagnostics, trust = "" } = await prove(file, options, surroundings);
  const exitCode = report(diagnostics, "pretty", surroundings);
  if (exitCode === 0) surroundings.stdout(trust);
  return exitCode;
}

async function prove(file: string, options: VerifyOptions, surroundings: Surroundings): Promise<Proof> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(resolve(surroundings.cwd, file));
  } catch (error) {
    return refused(diagnose("XI6101", { file, reason: reasonOf(error) }));
  }
  if (isManifest(file, bytes)) return verifyManifest({ file, bytes }, options, surroundings);
  const { key, cert = key } = options;
  const raw = verifyRawFile(file, bytes);
  if (raw) return raw;
  if (cert === undefined && options.manifest === undefined)
    return refused(
      diagnose("XI6101", { file, reason: "without --key or --cert only an image.bin, or with --manifest a disk" }),
    );
  const pe = readPe(bytes);
  if (pe.kind === "broken") return refused(diagnose("XI6102", { file, reason: pe.reason }));
  if (pe.kind === "pe")
    return cert === undefined
      ? refused(diagnose("XI6101", { file, reason: "it is no disk, and has no manifest" }))
      : verifyEfi({ file, bytes, pe: pe.pe }, cert, surroundings);
  const read = readDisk([bytes]);
  if (read.kind === "broken") return refused(diagnose("XI6102", { file, reason: read.reason }));
  if (read.kind === "disk") return verifyDisk({ file, bytes, disk: read.disk }, options, surroundings);
  if (key === undefined)
    return refused(
      cert === undefined
        ? diagnose("XI6101", { file, reason: "it is no disk, and has no manifest" })
        : diagnose("XI6041", { file }),
    );
  const { value: trusted, diagnostics } = await readPublicKey(key, surroundings.cwd);
  return trusted === undefined ? { diagnostics } : verifyFitFile(file, bytes, trusted);
}
