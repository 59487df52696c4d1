import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Diagnostic, Outcome } from "../../compiler/index.ts";
import { InvariantError, diagnose } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { statReadable } from "../adapters/files.ts";
import { packageRoot } from "../adapters/package.ts";
import { framesOf } from "./stack.ts";
import { explain } from "./explain.ts";
import type { Failure } from "./explain.ts";
import { started } from "./protocol.ts";
import type { EvaluationAnswer, EvaluationRequest } from "./protocol.ts";

/** How long a configuration may take. It computes a few objects; a second would be long. */
const defaultSeconds = 10;

type Ending = Extract<EvaluationAnswer, { kind: "value" }> | Failure;

/** Evaluates a configuration to plain data, whatever it does. What it prints goes to `print`. */
export async function evaluate(
  request: EvaluationRequest,
  print: (text: string) => void,
  seconds = defaultSeconds,
): Promise<Outcome<unknown>> {
  const obstacle = await unreadable(request.file);
  if (obstacle !== undefined) return failed(diagnose("XI7001", { file: request.file, reason: obstacle }));
  const ending = await runThread(request, print, seconds);
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

function runThread(request: EvaluationRequest, print: (text: string) => void, seconds: number): Promise<Ending> {
  const worker = new Worker(threadCode, { workerData: request, stdout: true, stderr: true });
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding("utf8").on("data", print);
  return new Promise((resolve, reject) => {
    let ending: Ending | undefined;
    // The first thing that happens is the ending; the thread's exit that we cause afterwards is not.
    const settle = (first: Ending): void => {
      ending ??= first;
      clearTimeout(timer);
      void worker.terminate();
    };
    let timer: NodeJS.Timeout | undefined;
    worker.on("message", (message: EvaluationAnswer | typeof started) => {
      if (message !== started) settle(message);
      else
        timer = setTimeout(() => {
          settle({ kind: "too-long", seconds });
        }, seconds * 1000);
    });
    worker.once("error", (error) => {
      settle({ kind: "threw", error: `${error.name}: ${error.message}`, frames: framesOf(error) });
    });
    worker.once("exit", (code) => {
      if (timer === undefined) reject(new InvariantError("expected the evaluating thread to start"));
      settle({ kind: "exited", code });
      resolve(ending ?? { kind: "exited", code });
    });
  });
}

/**
 * The thread's code is the built one, also where tests run this file's source: Node 20 cannot load TypeScript, and a
 * loader that can would cost more time than everything else.
 */
const threadCode = join(packageRoot, "dist", "cli", "evaluation", "worker.js");
