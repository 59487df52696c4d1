import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root: every path that a script uses starts here, whatever the caller's working directory is. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Something outside is missing or failed: the text is all the user needs, so no stack is shown. */
export class OutsideError extends Error {
  exitCode = 3;
}

/** Our own sources do not build. */
export class BuildError extends OutsideError {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.exitCode = 1;
  }
}

/**
 * The first executable called `name` in PATH.
 * @param {string} name
 * @returns {string | undefined}
 */
export function which(name) {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/**
 * Runs a program to its end without showing its output.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {{ code: number, output: string }} `code` is 127 where the program could not be started
 */
export function capture(program, args, { cwd = root, env = process.env } = {}) {
  const result = spawnSync(program, args, { cwd, env, encoding: "utf8", maxBuffer: 2 ** 26, timeout: 120_000 });
  if (result.error !== undefined) return { code: 127, output: result.error.message };
  return { code: result.status ?? 1, output: result.stdout + result.stderr };
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(signal, () => {
    for (const child of running) stop(child);
    process.exit(130);
  });
}

/**
 * Ends a child and all that it started: each one leads its own process group.
 * @param {import("node:child_process").ChildProcess} child
 */
function stop(child) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}

/**
 * Runs a program to its end with its output shown, and returns the output too.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, seconds?: number }} [options] `seconds` is a time
 *   limit, after which the program and all that it started are killed
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, args, { cwd = root, env = process.env, quiet = false, seconds = 1200 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    running.add(child);
    const timer = setTimeout(() => {
      process.stderr.write(`\n${program} was stopped: it ran for more than ${seconds} s\n`);
      stop(child);
    }, seconds * 1000);
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on("data", (/** @type {Buffer} */ chunk) => {
      chunks.push(chunk);
      if (!quiet) process.stdout.write(chunk);
    });
    child.stderr.on("data", (/** @type {Buffer} */ chunk) => {
      chunks.push(chunk);
      if (!quiet) process.stderr.write(chunk);
    });
    /** @param {number} code @param {string} [extra] */
    const finish = (code, extra = "") => {
      running.delete(child);
      clearTimeout(timer);
      resolve({ code, output: Buffer.concat(chunks).toString("utf8") + extra });
    };
    child.on("error", (error) => finish(127, error.message));
    child.on("close", (code) => finish(code ?? 1));
  });
}

/**
 * Runs a script's main function; its result is the exit code.
 * @param {() => Promise<number>} main
 */
export async function start(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
