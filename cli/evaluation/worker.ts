/** The thread in which a configuration is evaluated. It may loop, exit or throw as it likes: it gives one answer, or none. */
import type { MessagePort } from "node:worker_threads";
import { workerData } from "node:worker_threads";
import { createJiti } from "jiti";
import * as boards from "../../boards/index.ts";
import * as compiler from "../../compiler/index.ts";
import { ImportError, checkImports } from "./imports.ts";
import { namedParameters, typedParameters } from "./parameters.ts";
import { plainCopy } from "./plain.ts";
import type { EvaluationAnswer, EvaluationRequest, ThreadMessage } from "./protocol.ts";
import { describeError } from "./thrown.ts";
import { withoutTypes } from "./transform.ts";

const data = workerData as { port?: MessagePort };
const { port } = data;
// From here on nobody else in this thread has a way to answer.
delete data.port;
const request = await new Promise<EvaluationRequest>((resolve) => port?.once("message", resolve));
// Nothing more comes: it must not keep a configuration alive that awaits what never happens.
port?.unref();
const prints = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));
/** What the configuration has printed arrives before its answer does. */
const give = async (answer: EvaluationAnswer): Promise<void> => {
  for (const print of prints)
    await new Promise<void>((resolve) => {
      print("", () => {
        resolve();
      });
    });
  port?.postMessage(answer);
};
port?.postMessage({ kind: "started" } satisfies ThreadMessage);

async function evaluate({ file, parameters, variant = "default" }: EvaluationRequest): Promise<EvaluationAnswer> {
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
    const module = await jiti.import<Readonly<Record<string, unknown>> | null>(file);
    const names = Object.keys(module ?? {});
    const exported = names.includes(variant) ? module?.[variant] : undefined;
    if (exported === undefined) return { kind: "no-export", known: names.filter((name) => name !== "default") };
    return await answer(exported, parameters);
  } catch (error) {
    return error instanceof ImportError ? error.answer : describeError(error, file);
  }
}

async function answer(exported: unknown, parameters: Readonly<Record<string, string>>): Promise<EvaluationAnswer> {
  if (typeof exported !== "function")
    return Object.keys(parameters).length > 0 ? { kind: "no-parameters" } : plainCopy(exported);
  const named = namedParameters(exported);
  const [name] = named?.others ?? [];
  if (name !== undefined) return { kind: "bad-default", name };
  const typed = named === undefined ? { values: parameters } : typedParameters(parameters, named.values);
  if (!("values" in typed)) return typed;
  return plainCopy(await (exported as (parameters: unknown) => unknown)(typed.values));
}

const exit = process.exit.bind(process);
process.once("uncaughtException", (error: unknown) => {
  void give(describeError(error, request.file)).then(() => exit(1));
});
// Comes only where nothing is left to run, and not where the configuration exits by itself.
process.once("beforeExit", () => {
  void give({ kind: "unsettled" });
});
await give(await evaluate(request));
