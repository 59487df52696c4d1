import type { ChildProcess } from "node:child_process";
import { access, constants } from "node:fs/promises";
import type { Diagnostic, Outcome } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { statReadable } from "../adapters/files.ts";
import { onInterrupt } from "../adapters/interrupts.ts";
import { explain } from "./explain.ts";
import { takeEvaluator } from "./launch.ts";
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

function runProcess(request: EvaluationRequest, print: (text: string) => void, seconds: number): Promise<Ending> {
  const child = takeEvaluator();
  const forget = onInterrupt(() => {
    endGroup(child);
  });
  return new Promise((resolve, reject) => {
    // The first thing that happens is the ending; the exit that we cause afterwards is not.
    const settle = (ending: Ending): void => {
      clearTimeout(timer);
      forget();
      endGroup(child);
      resolve(ending);
    };
    const timer = setTimeout(() => {
      settle({ kind: "too-long", seconds });
    }, seconds * 1000);
    child.on("message", (message: ProcessMessage) => {
      if (message.kind === "print") print(message.text);
      else settle(message);
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      settle({ kind: "ended", by: signal ?? `exit code ${code ?? 0}` });
    });
    child.send(request);
  });
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}
