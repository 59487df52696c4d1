import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { IncludeResolver } from "../parse/include.ts";
import type { SourceFile } from "../span.ts";

const corpusFolder = fileURLToPath(new URL("../../corpus/", import.meta.url));

const fileIn = (folder: string, name: string): SourceFile => ({
  name: `${folder}${name}`,
  text: readFileSync(`${folder}${name}`, "utf8"),
});

/** Every source of the corpus that stands alone; included parts end in `.dtsi`. */
export const corpus: readonly SourceFile[] = readdirSync(corpusFolder)
  .filter((name) => name.endsWith(".dts"))
  .map((name) => fileIn(corpusFolder, name));

/** Looks beside the corpus. */
export const fromCorpus: IncludeResolver = (path) =>
  existsSync(`${corpusFolder}${path}`) ? fileIn(corpusFolder, path) : undefined;
