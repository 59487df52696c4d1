import { resolve } from "node:path";
import type { Outcome } from "../../compiler/index.ts";
import { diagnose } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";

/** No key file is this long. */
const longest = 2 ** 16;

/** The text of a key file. */
export async function readPem(path: string, cwd: string): Promise<Outcome<string>> {
  try {
    const bytes = await readRegularFile(resolve(cwd, path));
    if (bytes.length <= longest) return { value: new TextDecoder("latin1").decode(bytes), diagnostics: [] };
    return { diagnostics: [diagnose("XI6011", { file: path, reason: "it is longer than any key" })] };
  } catch (error) {
    return { diagnostics: [diagnose("XI6011", { file: path, reason: reasonOf(error) })] };
  }
}
