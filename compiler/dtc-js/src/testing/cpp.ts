import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The sources for the preprocessor; `<file>` is looked for in here. */
export const preprocessFolder = fileURLToPath(new URL("../../corpus/preprocess/", import.meta.url));

/** What the machine's C preprocessor makes of a source on its standard input, with Linux's options for device trees. */
export function cpp(source: string, args: readonly string[] = []): string {
  const run = spawnSync("cpp", ["-nostdinc", "-undef", "-x", "assembler-with-cpp", "-I", ".", ...args, "-"], {
    input: source,
    cwd: preprocessFolder,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    timeout: 60_000,
  });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`cpp refused its input: ${run.stderr}`);
  return run.stdout;
}

/** A preprocessed text without line markers and empty lines, and with single blanks: the rest of its layout is free. */
export const lines = (text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => !/^# \d/.test(line))
    .map((line) => line.trim().replace(/[ \t]+/g, " "))
    .filter((line) => line !== "");
