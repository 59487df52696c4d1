import { basename, relative, resolve } from "node:path";
import type { Diagnostic, Outcome, Part } from "../../compiler/index.ts";
import { diagnose, nearest, partsOf, pieceLength, printable, unwritableName } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import { writeNewFolder } from "../adapters/output-folder.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { listOf } from "./listing.ts";
import { report } from "./system.ts";

export interface ExtractOptions {
  /** Left out: the image's name with ".parts". */
  readonly output?: string;
  readonly list?: boolean;
}

/** Writes parts of an image as the files of a new folder, all that were asked for or nothing. */
export async function extract(
  file: string,
  names: readonly string[],
  { output = `${basename(file)}.parts`, list }: ExtractOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { value: all, diagnostics } = await read(file, surroundings);
  if (all === undefined) return report(diagnostics, "pretty", surroundings);
  const missing = names.filter((name) => all.every(({ path }) => path !== name));
  if (missing.length > 0)
    return report(
      missing.map((name) => noPart(file, name, all)),
      "pretty",
      surroundings,
    );
  const parts = names.length === 0 ? all : all.filter(({ path }) => names.includes(path));
  if (list === true) {
    surroundings.stdout(parts.map(lineOf).join(""));
    return 0;
  }
  // Of all: who gave one of them such a name made the others, too.
  const first = unwritableName(all);
  const unwritable = first?.capitals === true ? unwritableName(parts) : first;
  if (unwritable !== undefined) return report([diagnose("XI7032", { file, ...unwritable })], "pretty", surroundings);
  const folder = resolve(surroundings.cwd, output);
  const shown = relative(surroundings.cwd, folder) || ".";
  const exitCode = report(await writeNewFolder(folder, parts, shown), "pretty", surroundings);
  if (exitCode === 0) surroundings.stdout(listOf(parts, shown));
  return exitCode;
}

async function read(file: string, { cwd }: Surroundings): Promise<Outcome<readonly Part[]>> {
  const refuse = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI7030", { file, reason })] });
  try {
    const found = await partsOf(await readRegularFile(resolve(cwd, file)));
    return found.kind === "parts" ? { value: found.parts, diagnostics: [] } : refuse(found.reason);
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

function noPart(file: string, part: string, parts: readonly Part[]): Diagnostic {
  const known = parts.map(({ path }) => path);
  const close = nearest(part, known);
  return diagnose("XI7031", { file, part, known, ...(close !== undefined && { nearest: close }) });
}

const lineOf = ({ path, pieces }: Part): string =>
  `${String(pieces.reduce((sum, piece) => sum + pieceLength(piece), 0)).padStart(12)} bytes  ${printable(path)}\n`;
