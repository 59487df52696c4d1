import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { builtCode } from "../adapters/package.ts";

/**
 * The process's code is the built one, also where tests run this file's source: Node 20 cannot load TypeScript, and a
 * loader that can would cost more time than everything else.
 */
const processCode = builtCode("cli/evaluation/process.js");

let early: ChildProcess | undefined;

/** Starts an evaluating process ahead of its request: it loads while the command line itself does. */
export function launchEarly(): void {
  const child = launch();
  for (const end of ["error", "exit"])
    child.once(end, () => {
      if (early === child) early = undefined;
    });
  // Should nobody want it, nobody waits for it, and it ends with the command line.
  child.unref();
  child.channel?.unref();
  early = child;
}

/** An evaluating process, which waits for its request. */
export function takeEvaluator(): ChildProcess {
  const child = early ?? launch();
  early = undefined;
  child.ref();
  child.channel?.ref();
  return child;
}

/**
 * A process, because nothing less can be ended while it waits inside the operating system (`execSync`, a pipe that
 * nobody writes to). It leads a process group of its own, so that what it started ends with it.
 */
function launch(): ChildProcess {
  return fork(processCode, [], {
    detached: true,
    execArgv: [],
    serialization: "advanced",
    // Results alone go to stdout: what the configuration's own programs write there joins the messages.
    stdio: ["ignore", 2, 2, "ipc"],
  });
}
