import { PassThrough } from "node:stream";
import { main } from "../program.ts";

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a folder, as a process would, but in this one. */
export const xenimg = (cwd: string, ...args: readonly string[]): Promise<Finished> => xenimgWith({}, cwd, args);

/** The same, in an environment. */
export async function xenimgWith(
  env: Readonly<Record<string, string>>,
  cwd: string,
  args: readonly string[],
): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  const exitCode = await main(args, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    stdin: new PassThrough(),
    env,
    cwd,
    interactive: false,
  });
  return { exitCode, stdout, stderr };
}
