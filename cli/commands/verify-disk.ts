import { resolve } from "node:path";
import type { Diagnostic, Disk, Piece, ProvenFile } from "../../compiler/index.ts";
import {
  describeDiskTrust,
  diagnose,
  diskImage,
  hex,
  listedFiles,
  readPe,
  strayByte,
  wrongFiles,
} from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import { digest } from "../adapters/host.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { readPublicKey } from "../keys/public-key.ts";
import { refused } from "./proof.ts";
import type { Proof } from "./proof.ts";
import { verifyEfi } from "./verify-efi.ts";
import { verifyFitFile } from "./verify-fit.ts";

interface DiskOptions {
  readonly key?: string;
  readonly cert?: string;
  readonly manifest?: string;
}

/**
 * Proves that a disk is what xenimg makes of its files, that these are a manifest's, where one is given, and, where a key or a
 * certificate is, each of them that has a signature as if it were alone.
 */
export async function verifyDisk(
  { file, bytes, disk }: { readonly file: string; readonly bytes: Uint8Array; readonly disk: Disk },
  options: DiskOptions,
  surroundings: Surroundings,
): Promise<Proof> {
  const stray = strayByte([bytes], diskImage(disk.files, { name: disk.name, time: disk.time, sha256 }));
  if (stray !== undefined) return refused(diagnose("XI6107", { offset: hex(stray) }));
  const { key, cert, manifest } = options;
  const compared = manifest === undefined ? [] : await compareFiles(disk, manifest, surroundings);
  const trusting = key !== undefined || cert !== undefined;
  const signable = disk.files.flatMap(({ path, pieces }) => {
    const prover = provers.get(path);
    return prover ? [{ path, prover, pieces }] : [];
  });
  if (trusting && signable.length === 0) return refused(...compared, diagnose("XI6312", { file }));
  const proven: ProvenFile[] = [];
  const found = [...compared];
  const indices: (number | undefined)[] = [];
  for (const { path, prover, pieces } of trusting ? signable : []) {
    const {
      diagnostics,
      trust = "",
      rollbackIndex,
    } = await prover.prove(`${file}: ${path}`, joined(pieces), options, surroundings);
    indices.push(rollbackIndex);
    const unproven = diagnostics.some(({ severity }) => severity === "error");
    found.push(...diagnostics, ...(unproven ? [diagnose("XI6040", { file, path })] : []));
    proven.push({ path, trust, verifiedBy: prover.verifiedBy });
  }
  const known = indices.filter((index) => index !== undefined);
  const unasked = trusting ? [] : signable.map(({ path }) => path);
  return {
    diagnostics: found,
    trust: describeDiskTrust(disk, { proven, unasked, listed: manifest !== undefined }),
    // One that tells none could be any.
    ...(known.length > 0 && known.length === indices.length && { rollbackIndex: Math.min(...known) }),
  };
}

const sha256 = (pieces: readonly Piece[]): string => digest("sha256", pieces);

/** A file of the disk that was read lies in it in few pieces. */
const joined = (pieces: readonly Piece[]): Uint8Array =>
  Buffer.concat(pieces.map((piece) => (piece instanceof Uint8Array ? piece : Buffer.alloc(piece.zeros))));

interface Prover {
  readonly prove: (
    file: string,
    content: Uint8Array,
    options: DiskOptions,
    surroundings: Surroundings,
  ) => Promise<Proof>;
  /** Who does at boot. */
  readonly verifiedBy: string;
}

async function proveFit(
  file: string,
  content: Uint8Array,
  { key }: DiskOptions,
  { cwd }: Surroundings,
): Promise<Proof> {
  if (key === undefined) return refused(diagnose("XI6041", { file }));
  const { value, diagnostics } = await readPublicKey(key, cwd);
  return value === undefined ? { diagnostics } : verifyFitFile(file, content, value);
}

function proveEfi(
  file: string,
  content: Uint8Array,
  { key, cert = key }: DiskOptions,
  surroundings: Surroundings,
): Promise<Proof> | Proof {
  const read = readPe(content);
  if (read.kind === "broken") return refused(diagnose("XI6102", { file, reason: read.reason }));
  if (read.kind === "not-a-pe" || cert === undefined)
    return refused(diagnose("XI6101", { file, reason: "it is no PE" }));
  return verifyEfi({ file, bytes: content, pe: read.pe }, cert, surroundings);
}

/** Files of a disk that hold a signature, by their paths. */
const provers: ReadonlyMap<string, Prover> = new Map([
  [
    "EFI/BOOT/BOOTAA64.EFI",
    { prove: async (...file) => proveEfi(...file), verifiedBy: "UEFI firmware with Secure Boot on" },
  ],
  ["image.itb", { prove: proveFit, verifiedBy: "a U-Boot whose own device tree requires the key" }],
]);

async function compareFiles(disk: Disk, path: string, { cwd }: Surroundings): Promise<readonly Diagnostic[]> {
  try {
    const listed = listedFiles(Buffer.from(await readRegularFile(resolve(cwd, path))).toString());
    if (listed === undefined)
      return [diagnose("XI6313", { file: path, reason: "no disk.img with contents is among its outputs" })];
    return wrongFiles(disk, listed, sha256);
  } catch (error) {
    return [diagnose("XI6313", { file: path, reason: reasonOf(error) })];
  }
}
