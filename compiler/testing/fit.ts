import type { DeviceTree } from "dtc-js";
import { encode } from "dtc-js";
import type { HashAlgorithm } from "../ir/host.ts";
import type { RsaPadding, Signer } from "../ir/signer.ts";
import { lower } from "../lower/lower.ts";
import { fitTree } from "../pack/fit/fit.ts";
import { signFit } from "../sign/fit.ts";
import { realDigest } from "./keys.ts";
import { placedSystem } from "./system.ts";

const plan = lower(await placedSystem());

/** The FIT of a system with two domains, as PACK leaves it. */
export const unsignedFit = (hash: HashAlgorithm = "sha256"): DeviceTree =>
  fitTree(plan, encode(plan.systemTree), { hash, digest: realDigest });

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
