import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Diagnostic, Disk, Piece, VerifyingKey } from "../../compiler/index.ts";
import {
  describeDiskTrust,
  describeTrust,
  diagnose,
  diskImage,
  hex,
  listedFiles,
  readDisk,
  readFit,
  readPe,
  strayByte,
  verifyFit,
  wrongFiles,
} from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import { digest } from "../adapters/host.ts";
import { readPublicKey } from "../keys/public-key.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { report } from "./system.ts";
import { isManifest, verifyManifest } from "./verify-manifest.ts";
import { verifyEfi } from "./verify-efi.ts";

/** One of the two at least. */
export interface VerifyOptions {
  readonly key?: string;
  readonly manifest?: string;
}

/** What was found, and what a sound image rests on. */
interface Proof {
  readonly diagnostics: readonly Diagnostic[];
  readonly trust?: string;
}

const refused = (...diagnostics: readonly Diagnostic[]): Proof => ({ diagnostics });

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
  const pe = readPe(bytes);
  if (pe.kind === "broken") return refused(diagnose("XI6102", { file, reason: pe.reason }));
  if (pe.kind === "pe") return verifyEfi({ file, bytes, pe: pe.pe }, options, surroundings);
  const key = options.key === undefined ? undefined : await readPublicKey(options.key, surroundings.cwd);
  if (key !== undefined && key.value === undefined) return key;
  const read = readDisk([bytes]);
  if (read.kind === "broken") return refused(diagnose("XI6102", { file, reason: read.reason }));
  if (read.kind === "disk") return proveDisk(file, bytes, read.disk, key?.value, options, surroundings);
  if (key?.value === undefined)
    return refused(diagnose("XI6101", { file, reason: "it is no disk, and has no manifest" }));
  return proveFit(file, bytes, key.value);
}

function proveFit(file: string, bytes: Uint8Array, key: VerifyingKey): Proof {
  const read = readFit(bytes);
  if (read.kind === "not-a-fit") return refused(diagnose("XI6101", { file, reason: "it is neither a FIT nor a PE" }));
  if (read.kind === "broken") return refused(diagnose("XI6102", { file, reason: read.reason }));
  return { diagnostics: verifyFit(bytes, read.fit, digest, key), trust: describeTrust(read.fit, key.key) };
}

const sha256 = (pieces: readonly Piece[]): string => digest("sha256", pieces);

async function proveDisk(
  file: string,
  bytes: Uint8Array,
  disk: Disk,
  key: VerifyingKey | undefined,
  { manifest }: VerifyOptions,
  surroundings: Surroundings,
): Promise<Proof> {
  const stray = strayByte([bytes], diskImage(disk.files, { name: disk.name, time: disk.time, sha256 }));
  if (stray !== undefined) return refused(diagnose("XI6107", { offset: hex(stray) }));
  const compared = manifest === undefined ? [] : await compareFiles(disk, manifest, surroundings);
  if (key === undefined) return { diagnostics: compared, trust: describeDiskTrust(disk, [], true) };
  const fit = disk.files.find(({ path }) => path === "image.itb");
  if (fit === undefined) return refused(...compared, diagnose("XI6312", { file }));
  const { diagnostics, trust = "" } = proveFit(`${file}: ${fit.path}`, joined(fit.pieces), key);
  return {
    diagnostics: [...compared, ...diagnostics],
    trust: trust + describeDiskTrust(disk, [fit.path], manifest !== undefined),
  };
}

/** A file of the disk that was read lies in it in few pieces. */
const joined = (pieces: readonly Piece[]): Uint8Array =>
  Buffer.concat(pieces.map((piece) => (piece instanceof Uint8Array ? piece : Buffer.alloc(piece.zeros))));

async function compareFiles(disk: Disk, path: string, { cwd }: Surroundings): Promise<readonly Diagnostic[]> {
  try {
    const listed = listedFiles(await readFile(resolve(cwd, path), "utf8"));
    if (listed === undefined)
      return [diagnose("XI6313", { file: path, reason: "no disk.img with contents is among its outputs" })];
    return wrongFiles(disk, listed, sha256);
  } catch (error) {
    return [diagnose("XI6313", { file: path, reason: reasonOf(error) })];
  }
}
