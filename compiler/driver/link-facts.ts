import type { BuildFacts } from "../emit/manifest.ts";
import type { Digest } from "../ir/host.ts";
import type { ImageRequest } from "./request.ts";
import type { Together } from "./together.ts";

/** What outputs say besides the system. */
export interface LinkFacts extends Omit<BuildFacts, "sha256" | "signer"> {
  /** The export that is built, where it is not the default one. */
  readonly variant?: string;
  /** What the command line set in the configuration. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Text of run.sh.hbs. */
  readonly runTemplate: string;
  /** Text of pv.sh.hbs. */
  readonly pvTemplate: string;
  /** Text of boot.cmd.hbs. */
  readonly scriptTemplate: string;
  readonly digest: Digest;
  readonly images: ImageRequest;
  /** Absent where the FIT has this system alone. */
  readonly together?: Together;
}
