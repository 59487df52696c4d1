import type { Readable } from "node:stream";

/** What a command may use of the process it runs in. Tests hand in their own. */
export interface Surroundings {
  /** Results. */
  readonly stdout: (text: string) => void;
  /** Diagnostics and progress. */
  readonly stderr: (text: string) => void;
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly setRawMode?: (raw: boolean) => unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether stderr is a terminal. */
  readonly interactive: boolean;
}

/** Colour for people at a terminal who did not ask for none (https://no-color.org). */
export const wantsColor = ({ env, interactive }: Surroundings): boolean =>
  interactive && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
