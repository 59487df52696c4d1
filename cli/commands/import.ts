import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { recognise } from "../../boards/recognise.ts";
import type { Diagnostic, FileAnswer, ImportedFile, Outcome } from "../../compiler/index.ts";
import { diagnose, importSystem } from "../../compiler/index.ts";
import { writeFileWhole } from "../adapters/files.ts";
import { hostFor } from "../adapters/host.ts";
import { pathFrom } from "../adapters/paths.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { report } from "./system.ts";

export interface ImportOptions {
  /** Where to write; absent: to stdout, as if it lay beside the first imported file. */
  readonly output?: string;
  /** The board's, where the files do not say which board it is. */
  readonly deviceTree?: string;
}

/** Writes a `board.ts` that says what other tools' configurations say. Nothing that is there is written over. */
export async function importFiles(
  names: readonly string[],
  { output, deviceTree }: ImportOptions,
  surroundings: Surroundings,
): Promise<number> {
  const target = output === undefined ? undefined : resolve(surroundings.cwd, output);
  const folder = dirname(target ?? resolve(surroundings.cwd, names[0] ?? ""));
  const { value: text, diagnostics } = await read(names, deviceTree, folder, surroundings.cwd);
  const written = text === undefined || target === undefined ? [] : await write(target, output ?? target, text);
  const exitCode = report([...diagnostics, ...written], "pretty", surroundings);
  if (exitCode === 0 && text !== undefined && target === undefined) surroundings.stdout(text);
  return exitCode;
}

/** All of them, and the board's tree: what cannot be read is told before anything is imported. */
async function read(
  names: readonly string[],
  deviceTree: string | undefined,
  folder: string,
  cwd: string,
): Promise<Outcome<string>> {
  const answers = await Promise.all(names.map((name) => readNamed(name, "the file to import", cwd)));
  const tree = deviceTree === undefined ? undefined : await readNamed(deviceTree, "the device tree", cwd);
  const diagnostics = [...answers, ...(tree ? [tree] : [])].flatMap((answer) => ("path" in answer ? [] : [answer]));
  const [first, ...rest] = answers.flatMap((answer) => ("path" in answer ? [importedFile(answer, folder)] : []));
  if (first === undefined || diagnostics.length > 0) return { diagnostics };
  const given =
    tree && "path" in tree ? { ...tree, path: pathFrom(folder, dirname(tree.path), basename(tree.path)) } : undefined;
  return importSystem({ files: [first, ...rest], ...(given && { deviceTree: given }), recognise });
}

interface ReadFile {
  /** How the user calls it. */
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

async function readNamed(name: string, what: string, cwd: string): Promise<ReadFile | Diagnostic> {
  const path = resolve(cwd, name);
  const answer = await hostFor(path).readFile(path);
  if (answer.kind === "ok") return { name, path, bytes: answer.bytes };
  return unreadable(answer, { what, path: name });
}

function importedFile({ name, path, bytes }: ReadFile, folder: string): ImportedFile {
  const { readFile } = hostFor(path);
  return { file: path, name, bytes, readFile, pathFor: (named) => pathFrom(folder, dirname(path), named) };
}

function unreadable(
  answer: Exclude<FileAnswer, { kind: "ok" }>,
  params: { readonly what: string; readonly path: string },
): Diagnostic {
  return answer.kind === "missing"
    ? diagnose("XI2001", { ...params, named: "argument" })
    : diagnose("XI2002", { ...params, reason: answer.reason });
}

async function write(target: string, name: string, text: string): Promise<readonly Diagnostic[]> {
  const there = await stat(target).catch(() => undefined);
  if (there) return [diagnose("XI2240", { path: name })];
  return writeFileWhole(target, text);
}
