/**
 * The thread in which a configuration is evaluated. It may loop, exit or throw as it likes: the command line waits for
 * one answer, for a limited time, and ends the thread.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createJiti } from "jiti";
import * as boards from "../../boards/index.ts";
import * as compiler from "../../compiler/index.ts";
import { firstNotPlain } from "./plain.ts";
import { withoutTypes } from "./transform.ts";
import { started } from "./protocol.ts";
import type { EvaluationAnswer, EvaluationRequest } from "./protocol.ts";
import { framesOf } from "./stack.ts";

async function evaluate({ file, parameters }: EvaluationRequest): Promise<EvaluationAnswer> {
  const babel = createJiti(import.meta.url, { fsCache: false, interopDefault: false });
  // No cache on disk: a build leaves nothing behind but its output.
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    interopDefault: false,
    transform: (options) => withoutTypes(options, babel),
    virtualModules: { xenimg: compiler, "xenimg/boards": boards },
  });
  try {
    const module = await jiti.import<{ readonly default?: unknown }>(file);
    if (module.default === undefined) return { kind: "no-default" };
    return await answer(module.default, parameters);
  } catch (error) {
    return describeError(error, file);
  }
}

async function answer(exported: unknown, parameters: Readonly<Record<string, string>>): Promise<EvaluationAnswer> {
  const takesParameters = typeof exported === "function";
  if (!takesParameters && Object.keys(parameters).length > 0) return { kind: "no-parameters" };
  const value: unknown = takesParameters ? await (exported as (parameters: unknown) => unknown)(parameters) : exported;
  const stranger = firstNotPlain(value);
  return stranger === undefined ? { kind: "value", value } : { kind: "not-plain", ...stranger };
}

function describeError(error: unknown, file: string): EvaluationAnswer {
  if (!(error instanceof Error)) return { kind: "threw", error: String(error), frames: [] };
  // jiti's words for what its parser found: "ParseError: Unexpected token \n /path/board.ts:2:7", columns from 0.
  const syntax = /^ParseError: (.*?)\s*\n\s*(.+):(\d+):(\d+)/.exec(error.message);
  if (syntax !== null) {
    const [, problem = "", place = file, line, column] = syntax;
    return { kind: "syntax", problem, file: place, line: Number(line), column: Number(column) + 1 };
  }
  // Node's words for an import that leads nowhere.
  const missing = /^Cannot find (?:module|package) '([^']+)'(?:[^]*?Require stack:\n- (.+?)\s*$)?/m.exec(error.message);
  if (missing !== null && "code" in error)
    return { kind: "not-found", specifier: missing[1] ?? "", importer: missing[2] ?? file };
  return { kind: "threw", error: `${error.name}: ${error.message}`, frames: framesOf(error) };
}

parentPort?.postMessage(started);
parentPort?.postMessage(await evaluate(workerData as EvaluationRequest));
