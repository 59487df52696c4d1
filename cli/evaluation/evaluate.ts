import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic, Outcome } from "../../compiler/index.ts";
import { InvariantError, diagnose } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { statReadable } from "../adapters/files.ts";
import { onInterrupt } from "../adapters/interrupts.ts";
import { packageRoot } from "../adapters/package.ts";
import { explain } from "./explain.ts";
import type { Ending, EvaluationRequest, ProcessMessage } from "./protocol.ts";

/** How long a configuration may take. It computes a few objects; a second would be long. */
const defaultSeconds = 10;

/** Evaluates a configuration to plain data, whatever it does. What it prints goes to `print`. */
export async function evaluate(
  request: EvaluationRequest,
  print: (text: string) => void,
  seconds = defaultSeconds,
): Promise<Outcome<unknown>> {
  const obstacle = await unreadable(request.file);
  if (obstacle !== undefined) return failed(diagnose("XI7001", { file: request.file, reason: obstacle }));
  const ending = await runProcess(request, print, seconds);
  return ending.kind === "value" ? { value: ending.value, diagnostics: [] } : failed(explain(ending, request));
}

async function unreadable(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.R_OK);
    return (await statReadable(file)).isDirectory() ? "it is a folder" : undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

const failed = (diagnostic: Diagnostic): Outcome<never> => ({ diagnostics: [diagnostic] });

/**
 * A process, because nothing less can be ended while it waits inside the operating system (`execSync`, a pipe that
 * nobody writes to). It leads a process group of its own, so that what it started ends with it.
 */
function runProcess(request: EvaluationRequest, print: (text: string) => void, seconds: number): Promise<Ending> {
  const child = fork(processCode, [], {
    detached: true,
    execArgv: [],
    serialization: "advanced",
    // Results alone go to stdout: what the configuration's own programs write there joins the messages.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const forget = onInterrupt(() => {
    endGroup(child);
  });
  child.send(request);
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    // The first thing that happens is the ending; the exit that we cause afterwards is not.
    const settle = (ending: Ending): void => {
      clearTimeout(timer);
      forget();
      endGroup(child);
      resolve(ending);
    };
    child.on("message", (message: ProcessMessage) => {
      if (message.kind === "print") print(message.text);
      else if (message.kind !== "started") settle(message);
      else
        timer = setTimeout(() => {
          settle({ kind: "too-long", seconds });
        }, seconds * 1000);
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (timer === undefined) reject(new InvariantError("expected the evaluating process to start"));
      settle({ kind: "ended", by: signal ?? `exit code ${code ?? 0}` });
    });
  });
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/**
 * The process's code is the built one, also where tests run this file's source: Node 20 cannot load TypeScript, and a
 * loader that can would cost more time than everything else.
 */
const processCode = join(packageRoot, "dist", "cli", "evaluation", "process.js");
