import type { HashAlgorithm, Outcome, RsaPadding, Signer } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import { rawSignatures } from "./ecdsa.ts";
import type { NamedKey } from "./public-key.ts";

/** What is to be signed. */
export interface SigningRequest {
  readonly hash: HashAlgorithm;
  readonly message: Uint8Array;
  readonly padding: RsaPadding;
}

/** Whoever makes signatures, rightly or not; of ECDSA in either form. */
export type Holder = (request: SigningRequest) => Promise<Outcome<Uint8Array>>;

/**
 * A signer whose every signature its public key has verified before anybody sees it: programs and tokens err, sign with
 * another key than was meant, or lie; and one that was computed wrongly would tell an RSA key to whoever sees it.
 */
export function checkedSigner(key: NamedKey, who: string, holder: Holder): Signer {
  return {
    name: key.name,
    key: key.key,
    development: key.development,
    sign: async (hash, message, padding = "pkcs1") => {
      const { value, diagnostics } = await holder({ hash, message, padding });
      if (value === undefined) return { diagnostics };
      const right = rawSignatures(value, key.key).find((raw) => key.verify(hash, message, raw, padding));
      return right === undefined
        ? { diagnostics: [diagnose("XI6023", { who, key: key.name })] }
        : { value: right, diagnostics: [] };
    },
  };
}
