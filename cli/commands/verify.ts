import { resolve } from "node:path";
import { diagnose, readDisk, readPe, tooOld } from "../../compiler/index.ts";
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

/** One of them at least; none for an image.bin, which nobody signs. */
export interface VerifyOptions {
  readonly key?: string;
  /** Whom a PE leads to; left out: whom `key` says. */
  readonly cert?: string;
  readonly manifest?: string;
  /** The least rollback index that is taken. */
  readonly minRollback?: number;
}

/**
 * Proves an image, or a whole output folder by its manifest, from the public key or a certificate alone; of a disk, also
 * that its files are a manifest's.
 */
export async function verify(file: string, options: VerifyOptions, surroundings: Surroundings): Promise<number> {
  const { diagnostics, trust = "", rollbackIndex } = await prove(file, options, surroundings);
  const sound = diagnostics.every(({ severity }) => severity !== "error");
  const old = sound && options.minRollback !== undefined ? tooOld(file, rollbackIndex, options.minRollback) : [];
  const exitCode = report([...diagnostics, ...old], "pretty", surroundings);
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
  const { key, cert = key, manifest } = options;
  const refuse = (reason: string): Proof => refused(diagnose("XI6101", { file, reason }));
  const nothingGiven =
    "neither --key PUB nor --cert CERT is given, which only an image.bin, and a disk with --manifest, do without";
  const disk = isManifest(file, bytes) ? undefined : readDisk([bytes]);
  if (disk?.kind === "broken") return refused(diagnose("XI6102", { file, reason: disk.reason }));
  if (disk?.kind === "disk")
    return cert === undefined && manifest === undefined
      ? refuse(nothingGiven)
      : verifyDisk({ file, bytes, disk: disk.disk }, options, surroundings);
  // What was asked for is done or refused: nobody looks for what a proof leaves out.
  if (manifest !== undefined) return refuse("it is no disk, whose files --manifest compares");
  if (disk === undefined) return verifyManifest({ file, bytes }, options, surroundings);
  const raw = verifyRawFile(file, bytes);
  if (raw !== undefined)
    return cert === undefined
      ? raw
      : refuse("it is an image.bin, which no key signs; without --key and --cert it is compared with its own table");
  if (cert === undefined) return refuse(nothingGiven);
  const pe = readPe(bytes);
  if (pe.kind === "broken") return refused(diagnose("XI6102", { file, reason: pe.reason }));
  if (pe.kind === "pe") return verifyEfi({ file, bytes, pe: pe.pe }, cert, surroundings);
  if (key === undefined) return refused(diagnose("XI6041", { file }));
  const { value: trusted, diagnostics } = await readPublicKey(key, surroundings.cwd);
  return trusted === undefined ? { diagnostics } : verifyFitFile(file, bytes, trusted);
}
