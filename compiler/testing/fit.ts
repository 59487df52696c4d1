import type { DeviceTree } from "dtc-js";
import { encode } from "dtc-js";
import type { HashAlgorithm } from "../ir/host.ts";
import type { Signer } from "../ir/signer.ts";
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
export const signedFit = async (signer: Signer, hash: HashAlgorithm = "sha256"): Promise<Uint8Array> =>
  encode(await signFit(unsignedFit(hash), hash, signer));
