/** The thread in which a configuration is evaluated. It may loop, exit or throw as it likes: it gives one answer, or none. */
import type { MessagePort } from "node:worker_threads";
import { workerData } from "node:worker_threads";
import { createJiti } from "jiti";
import * as boards from "../../boards/index.ts";
import * as compiler from "../../compiler/index.ts";
import { ImportError, checkImports } from "./imports.ts";
import { plainCopy } from "./plain.ts";
import type { EvaluationAnswer, EvaluationRequest } from "./protocol.ts";
import { describeError } from "./thrown.ts";
import { withoutTypes } from "./transform.ts";

const data = workerData as { port?: MessagePort };
const { port } = data;
// From here on nobody else in this thread has a way to answer.
delete data.port;
const request = await new Promise<EvaluationRequest>((resolve) => port?.once("message", resolve));
// Nothing more comes: it must not keep a configuration alive that awaits what never happens.
port?.unref();
const give = (answer: EvaluationAnswer): void => {
  port?.postMessage(answer);
};

async function evaluate({ file, parameters }: EvaluationRequest): Promise<EvaluationAnswer> {
  const babel = createJiti(import.meta.url, { fsCache: false, interopDefault: false });
  // No cache on disk: a build leaves nothing behind but its output.
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    interopDefault: false,
    transform: (options) => {
      checkImports(options.source, options.filename ?? file);
      return withoutTypes(options, babel);
    },
    virtualModules: { xenimg: compiler, "xenimg/boards": boards },
  });
  try {
    const module = await jiti.import<{ readonly default?: unknown } | null>(file);
    if (module?.default === undefined) return { kind: "no-default" };
    return await answer(module.default, parameters);
  } catch (error) {
    return error instanceof ImportError ? error.answer : describeError(error, file);
  }
}

async function answer(exported: unknown, parameters: Readonly<Record<string, string>>): Promise<EvaluationAnswer> {
  const takesParameters = typeof exported === "function";
  if (!takesParameters && Object.keys(parameters).length > 0) return { kind: "no-parameters" };
  const value: unknown = takesParameters ? await (exported as (parameters: unknown) => unknown)(parameters) : exported;
  return plainCopy(value);
}

process.once("uncaughtException", (error: unknown) => {
  give(describeError(error, request.file));
  process.exit(1);
});
// Comes only where nothing is left to run, and not where the configuration exits by itself.
process.once("beforeExit", () => {
  give({ kind: "unsettled" });
});
give(await evaluate(request));
