import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { reasonOf } from "./errors.ts";
import { onInterrupt } from "./interrupts.ts";

/** A program that reads bytes and answers with bytes. */
export interface FilterRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: Uint8Array;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly seconds: number;
  /** Longer answers are refused, in bytes. Of stderr the first so many are kept. */
  readonly most: number;
}

/** How it ended; stderr is there however that was. */
export type FilterResult = { readonly stderr: string } & (
  | { readonly kind: "ok"; readonly output: Uint8Array }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "timed-out" }
);

/**
 * Runs a filter to its end, without a shell. It keeps this process's terminal, for programs that ask for a PIN there.
 * Unlike execa, it does not wait for the filter's own children after the time is up: they may hold the pipes open.
 */
export function runFilter(request: FilterRequest): Promise<FilterResult> {
  const { input, seconds, most } = request;
  return new Promise((resolve) => {
    const child = start(request);
    if (typeof child === "string") {
      resolve({ kind: "failed", reason: child, stderr: "" });
      return;
    }
    const output = collect(child.stdout, most, () => {
      finish({ kind: "failed", reason: `it answered with more than ${most} bytes` });
    });
    const errors = collect(child.stderr, most);
    const forget = onInterrupt(() => child.kill("SIGKILL"));
    const timer = setTimeout(() => {
      finish({ kind: "timed-out" });
    }, seconds * 1000);
    const finish = (result: DistributiveOmit<FilterResult, "stderr">): void => {
      clearTimeout(timer);
      forget();
      child.kill("SIGKILL");
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ ...result, stderr: Buffer.concat(errors).toString() });
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      finish(error.code === "ENOENT" ? { kind: "missing" } : { kind: "failed", reason: reasonOf(error) });
    });
    child.on("close", (code, signal) => {
      if (code === 0) finish({ kind: "ok", output: new Uint8Array(Buffer.concat(output)) });
      else finish({ kind: "failed", reason: signal ? `killed by ${signal}` : `exit code ${code ?? 0}` });
    });
    // Who does not read its input closes the pipe; what counts is the answer.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** The process, or why there cannot be one: no name, or a NUL in an argument. */
function start({ program, args, cwd, env }: FilterRequest): ChildProcessWithoutNullStreams | string {
  try {
    return spawn(program, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  } catch (error) {
    return reasonOf(error);
  }
}

type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

/** The first `most` bytes of a stream. */
function collect(stream: Readable, most: number, tooLong?: () => void): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let left = most;
  stream.on("data", (chunk: Buffer) => {
    if (left > 0) chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
    if (left < 0) tooLong?.();
  });
  return chunks;
}
