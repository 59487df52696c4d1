import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Where dtc looks for included files. */
const corpusFolder = fileURLToPath(new URL("../../corpus/", import.meta.url));

export interface DtcRun {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The PATH without the folders that npm puts in front: the `dtc` in there is ours. */
const path = (process.env["PATH"] ?? "")
  .split(":")
  .filter((folder) => !folder.includes("node_modules"))
  .join(":");

/** Runs the installed dtc: the yardstick of these tests. */
export function dtc(args: readonly string[], input: string | Uint8Array): DtcRun {
  const run = spawnSync("dtc", ["-q", ...args, "-"], {
    input,
    env: { ...process.env, PATH: path },
    maxBuffer: 2 ** 28,
    timeout: 60_000,
    cwd: corpusFolder,
  });
  // EPIPE: dtc gave up before it had read everything.
  if (run.error && !("code" in run.error && run.error.code === "EPIPE")) throw run.error;
  return { status: run.status, stdout: run.stdout, stderr: run.stderr.toString() };
}

function sound(run: DtcRun): Buffer {
  if (run.status !== 0) throw new Error(`dtc refused its input: ${run.stderr}`);
  return run.stdout;
}

export const dtcCompile = (source: string): Uint8Array =>
  new Uint8Array(sound(dtc(["-I", "dts", "-O", "dtb"], source)));

export const dtcDecompile = (blob: Uint8Array): string => sound(dtc(["-I", "dtb", "-O", "dts"], blob)).toString();

export const dtcReprint = (source: string): string => sound(dtc(["-I", "dts", "-O", "dts"], source)).toString();
