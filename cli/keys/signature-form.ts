import { constants } from "node:crypto";
import type { RsaPadding } from "../../compiler/index.ts";

/** A signature's form in node:crypto's words. */
interface SignatureForm {
  readonly dsaEncoding: "ieee-p1363";
  readonly padding: number;
  readonly saltLength?: number;
}

/**
 * RSA pads as asked; ECDSA is r and s in a row. PSS salts as mkimage does, as long as the key has room for; to verify,
 * node:crypto takes this length for any.
 */
export const signatureForm = (padding: RsaPadding = "pkcs1"): SignatureForm =>
  padding === "pss"
    ? {
        dsaEncoding: "ieee-p1363",
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN,
      }
    : { dsaEncoding: "ieee-p1363", padding: constants.RSA_PKCS1_PADDING };
