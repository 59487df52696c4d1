import type { BuildFacts } from "../emit/manifest.ts";
import type { Digest } from "../ir/host.ts";
import type { ImageRequest } from "./request.ts";

/** What outputs say besides the system. */
export interface LinkFacts extends Omit<BuildFacts, "sha256" | "signer"> {
  /** Text of run.sh.hbs. */
  readonly runTemplate: string;
  /** Text of boot.cmd.hbs. */
  readonly scriptTemplate: string;
  readonly digest: Digest;
  readonly images: ImageRequest;
}
