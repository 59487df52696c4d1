import type { DeviceTree } from "dtc-js";
import { encode } from "dtc-js";
import { joinBytes } from "../base/join-bytes.ts";
import type { DataPlacement } from "../codecs/fit/external.ts";
import type { HashAlgorithm } from "../ir/host.ts";
import type { RsaPadding, Signer } from "../ir/signer.ts";
import { lower } from "../lower/lower.ts";
import type { PackedFit } from "../pack/fit/fit.ts";
import { fitPieces, fitTree } from "../pack/fit/fit.ts";
import { signFit } from "../sign/fit.ts";
import { realDigest } from "./keys.ts";
import { placedSystem } from "./system.ts";

const plan = lower(await placedSystem());

/** The FIT of a system with two domains, as PACK leaves it. */
export const packedFit = (hash: HashAlgorithm = "sha256", external?: DataPlacement): PackedFit =>
  fitTree([{ plan, systemTree: encode(plan.systemTree) }], { hash, digest: realDigest, ...(external && { external }) });

export const unsignedFit = (hash: HashAlgorithm = "sha256"): DeviceTree => packedFit(hash).tree;

/** The bytes of image.itb. */
export function fileOf(tree: DeviceTree, files: readonly Uint8Array[], external?: DataPlacement): Uint8Array {
  const pieces = fitPieces(tree, files, external);
  if (pieces === undefined) throw new Error("the FIT is longer than that");
  return joinBytes(pieces.map((piece) => (piece instanceof Uint8Array ? piece : new Uint8Array(piece.zeros))));
}

/** A signed FIT whose files lie behind its tree. */
export async function externalFit(signer: Signer, external: DataPlacement): Promise<Uint8Array> {
  const { tree, files } = packedFit("sha256", external);
  return fileOf(await signedTree(tree, signer), files, external);
}

/** The same, as SIGN leaves it, in bytes. */
export const signedFit = async (
  signer: Signer,
  hash: HashAlgorithm = "sha256",
  padding?: RsaPadding,
): Promise<Uint8Array> => encode(await signedTree(unsignedFit(hash), signer, hash, padding));

/** A FIT signed by a key that is there. */
export async function signedTree(
  fit: DeviceTree,
  signer: Signer,
  hash: HashAlgorithm = "sha256",
  padding?: RsaPadding,
): Promise<DeviceTree> {
  const { value } = await signFit(fit, { hash, signer, ...(padding && { padding }) });
  if (value === undefined) throw new Error("the test's key did not sign");
  return value;
}
