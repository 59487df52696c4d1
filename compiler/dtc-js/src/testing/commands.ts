import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCommand, type CommandSpec } from "../bin/command.ts";
import { machine, type Host } from "../bin/host.ts";
import { FileError } from "../bin/reasons.ts";

const corpusFolder = fileURLToPath(new URL("../../corpus/", import.meta.url));

/** The text of a file of the corpus, one character a byte. */
export const corpusText = (path: string): string => readFileSync(`${corpusFolder}${path}`, "latin1");

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What was written, by its path; the files that were given are not among it. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const bytesOf = (data: Uint8Array | string): Uint8Array =>
  typeof data === "string" ? new Uint8Array(Buffer.from(data, "latin1")) : data;

/** Runs a command on files that exist only in memory; "-" is standard input and output. */
export function runInMemory(
  spec: CommandSpec,
  args: readonly string[],
  given: Readonly<Record<string, Uint8Array | string>>,
): CommandRun {
  const files = new Map<string, Uint8Array>();
  let [stdout, stderr] = ["", ""];
  const print = (data: Uint8Array | string): void => {
    stdout += Buffer.from(bytesOf(data)).toString("latin1");
  };
  const host: Host = {
    ...machine,
    read: (path) => {
      const found = files.get(path) ?? given[path];
      if (found === undefined) throw new FileError("No such file or directory");
      return bytesOf(found);
    },
    write: (path, data) => {
      if (path === "-") print(data);
      else files.set(path, bytesOf(data));
    },
    isFolder: () => false,
    print,
    complain: (text) => {
      stderr += text;
    },
  };
  const code = runCommand(spec, host, args);
  return { code, stdout, stderr, files };
}
