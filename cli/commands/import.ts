import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { recognise } from "../../boards/recognise.ts";
import type { Diagnostic, FileAnswer, Outcome } from "../../compiler/index.ts";
import { diagnose, importSystem } from "../../compiler/index.ts";
import { writeFileWhole } from "../adapters/files.ts";
import { hostFor } from "../adapters/host.ts";
import { pathFrom } from "../adapters/paths.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { report } from "./system.ts";

export interface ImportOptions {
  /** Where to write; absent: to stdout, as if it lay beside the imported file. */
  readonly output?: string;
}

/** Writes a `board.ts` that says what another tool's configuration says. Nothing that is there is written over. */
export async function importFile(name: string, { output }: ImportOptions, surroundings: Surroundings): Promise<number> {
  const file = resolve(surroundings.cwd, name);
  const target = output === undefined ? undefined : resolve(surroundings.cwd, output);
  const { value: text, diagnostics } = await read(file, name, dirname(target ?? file));
  const written = text === undefined || target === undefined ? [] : await write(target, output ?? target, text);
  const exitCode = report([...diagnostics, ...written], "pretty", surroundings);
  if (exitCode === 0 && text !== undefined && target === undefined) surroundings.stdout(text);
  return exitCode;
}

async function read(file: string, name: string, folder: string): Promise<Outcome<string>> {
  const { readFile } = hostFor(file);
  const answer = await readFile(file);
  if (answer.kind !== "ok") return { diagnostics: [unreadable(answer, name)] };
  const pathFor = (path: string): string => pathFrom(folder, dirname(file), path);
  return importSystem({ file, name, bytes: answer.bytes, readFile, pathFor, recognise });
}

function unreadable(answer: Exclude<FileAnswer, { kind: "ok" }>, name: string): Diagnostic {
  const params = { what: "the file to import", path: name };
  return answer.kind === "missing"
    ? diagnose("XI2001", params)
    : diagnose("XI2002", { ...params, reason: answer.reason });
}

async function write(target: string, name: string, text: string): Promise<readonly Diagnostic[]> {
  const there = await stat(target).catch(() => undefined);
  if (there) return [diagnose("XI2240", { path: name })];
  return writeFileWhole(target, text);
}
